#!/usr/bin/env python3
"""Spatial statistics of cq beside esda, on the same numbers and the same neighbours.

    python3 -m venv peers && peers/bin/pip install esda libpysal
    peers/bin/python Benchmarks/methods/spatial.py .build/release/cq [runs]

GDP per head of the counties of the United States in 2019. Both sides are held to the same values first: Moran's I, Geary's C
and every local Moran to 1e-10. Permutations of cq are timed as the difference between whole processes with and without
them, so what is measured holds reading, planning and printing out on neither side; esda is timed inside a warm process with
its data in memory. Wall and processor time are both printed; runs of the two sides alternate.
"""

import csv
import io
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import esda
import libpysal
import numpy
from importlib.metadata import version

PER_HEAD = "gdp / population"


def answer(cq, query):
    done = subprocess.run([cq, "-e", query, "--format", "csv", "--rows", "all"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{query}: {done.stderr}")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def process_time(cq, query):
    """Wall and processor seconds of a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([cq, "-e", query, "--format", "csv"], capture_output=True, check=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def own_time(action):
    start, processor = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - start, time.process_time() - processor


def moran(permutations, kind="moran"):
    return f"{kind}({PER_HEAD}, over:county, year:2019, permutations:{permutations})"


def lisa(permutations):
    return f"lisa({PER_HEAD}, by:county, year:2019, permutations:{permutations}) | first 1"


def main():
    cq = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    # Counties without GDP or without people are not in the sample.
    values = [
        (row["county_code"], float(row["x"]))
        for row in answer(cq, "table(x = gdp / population, by:county, year:2019)")
        if row["x"]
    ]
    position = {code: index for index, (code, _) in enumerate(values)}
    neighbours = {index: [] for index in range(len(values))}
    pairs = answer(cq, "gdp(by:county, year:2019) | neighbour_pairs place:county, style:binary")
    for row in pairs:
        one, other = position.get(row["from_code"]), position.get(row["to_code"])
        if one is not None and other is not None:
            neighbours[one].append(other)
    weights = libpysal.weights.W(neighbours, silence_warnings=True)
    weights.transform = "r"
    y = numpy.array([value for _, value in values])
    print(f"\n### Spatial statistics, {len(y)} counties, {sum(map(len, neighbours.values()))} pairs of neighbours\n")

    own = answer(cq, moran(999))[0]
    reference = esda.Moran(y, weights, permutations=999)
    assert abs(float(own["moran"]) - reference.I) < 1e-10, (own, reference.I)
    assert abs(float(own["z"]) - reference.z_rand) < 1e-8, (own, reference.z_rand)
    own = answer(cq, moran(0, "geary"))[0]
    assert abs(float(own["geary"]) - esda.Geary(y, weights, permutations=0).C) < 1e-10
    local = {row["county_code"]: row for row in answer(cq, f"lisa({PER_HEAD}, by:county, year:2019, divisor:\"n-1\")")}
    reference = esda.Moran_Local(y, weights, permutations=0)
    for index, (code, _) in enumerate(values):
        if neighbours[index]:
            assert abs(float(local[code]["lisa"]) - reference.Is[index]) < 1e-8 * max(1, abs(reference.Is[index]))
    print(f"Values are held first: the same I, z, C and local I as esda {version('esda')}, to 1e-10. {os.cpu_count()} processors.\n")

    # The first local Moran compiles esda's inner loop.
    esda.Moran_Local(y, weights, permutations=9)
    count, many = 999, 19_980
    cases = {
        "Moran's I, 999 permutations": (
            lambda: esda.Moran(y, weights, permutations=count), lambda: esda.Moran(y, weights, permutations=0), moran),
        "Geary's C, 999 permutations": (
            lambda: esda.Geary(y, weights, permutations=count), lambda: esda.Geary(y, weights, permutations=0),
            lambda permutations: moran(permutations, "geary")),
        "local Moran, 999 permutations": (
            lambda: esda.Moran_Local(y, weights, permutations=count, n_jobs=1),
            lambda: esda.Moran_Local(y, weights, permutations=0), lisa),
    }
    print("| what | cq, ms | esda, ms | times | processor: cq, ms | esda, ms | times |\n|---|---:|---:|---:|---:|---:|---:|")
    for name, (theirs, base, query) in cases.items():
        differences, others = [], []
        for _ in range(runs):
            none, more = process_time(cq, query(0)), process_time(cq, query(many))
            differences.append([(more[side] - none[side]) * count / many * 1_000 for side in (0, 1)])
            none, more = own_time(base), own_time(theirs)
            others.append([(more[side] - none[side]) * 1_000 for side in (0, 1)])
        mine = [statistics.median(one[side] for one in differences) for side in (0, 1)]
        esdas = [statistics.median(one[side] for one in others) for side in (0, 1)]
        print(
            f"| {name} | {mine[0]:.2f} | {esdas[0]:.2f} | {esdas[0] / mine[0]:.1f} | {mine[1]:.2f} | {esdas[1]:.2f} "
            f"| {esdas[1] / mine[1]:.1f} |", flush=True)
    whole = [process_time(cq, moran(count)) for _ in range(runs)]
    print(f"\nThe whole query with 999 permutations, from the start of the program: {statistics.median(one[0] for one in whole) * 1_000:.0f} ms.")


if __name__ == "__main__":
    main()
