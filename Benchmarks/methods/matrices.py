#!/usr/bin/env python3
"""Times the numeric kernels beside the Python packages that do the same, on the same numbers, and checks that results agree.

    Benchmarks/methods/matrices.py .build/release/kernels [runs] [FILE]

Complexity runs on exports of countries × HS4 products, as cq gives them (FILE, or asked of the cq that is built), Leontief on
Mexico's table of 262 industries. Packages that are not installed are skipped; economic-complexity needs pandas below 3:

    pip install numpy "pandas<3" econcomplex ecomplexity economic-complexity pymrio

Both sides are timed in memory, without reading data: medians in milliseconds, as a Markdown table. `Benchmarks/methods/run` makes
RESULTS.md of it. The program ends with 1 if a result differs.
"""

import contextlib
import csv
import io
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
warnings.simplefilter("ignore")


def query(text):
    builds = [ROOT / ".build/release/cq", ROOT / ".build/debug/cq"]
    program = next((path for path in builds if path.exists()), "cq")
    done = subprocess.run([program, "-e", text, "--format", "csv"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def kernels(program, kind, numbers, rows, columns, runs):
    """Times and results of our side by name."""
    import numpy

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in"
        numbers.astype("<f8").tofile(path)
        done = subprocess.run(
            [program, kind, path, str(rows), str(columns), folder, str(runs)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        times = dict(line.split("\t") for line in done.stdout.splitlines())
        return {name: (float(ms), numpy.fromfile(Path(folder) / name, "<f8")) for name, ms in times.items()}


def timed(runs, function):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        times.append((time.perf_counter() - start) * 1_000)
    return statistics.median(times), result


def head(title):
    print(f"\n### {title}\n\n| what | cq, ms | package, ms | times | package | values |\n|---|---:|---:|---:|---|---|")


def line(name, ours, package, call, theirs, difference, tolerance):
    try:
        package = f"{package} {version(package)}"
    except PackageNotFoundError:
        pass
    verdict = f"equal, to {difference:.0e}" if difference <= tolerance else f"DIFFERENT by {difference:.1e}"
    print(f"| {name} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f} | {package} `{call}` | {verdict} |", flush=True)
    return difference <= tolerance


def skipped(package, why):
    print(f"| | | | | {package}: skipped, {why} | |")


def complexity(program, runs, rows):
    import numpy
    import pandas

    table = pandas.DataFrame(
        {"country": [row["country_code"] for row in rows], "product": [row["product_code"] for row in rows],
         "exports": [float(row["exports"] or 0) for row in rows]})
    wide = table.pivot_table(index="country", columns="product", values="exports", aggfunc="sum", fill_value=0)
    wide = wide.loc[wide.sum(axis=1) > 0, wide.sum(axis=0) > 0]
    ours = kernels(program, "complexity", wide.to_numpy(), *wide.shape, runs)
    head(f"Complexity, {wide.shape[0]} countries × {wide.shape[1]} products")
    good = True
    matrix = wide.to_numpy()
    rca = matrix * matrix.sum() / matrix.sum(axis=1, keepdims=True) / matrix.sum(axis=0)
    binary = (rca >= 1).astype(float)

    def close(name, values):
        return float(numpy.nanmax(numpy.abs(ours[name][1] - numpy.asarray(values, dtype=float).ravel())))

    try:
        import econcomplex

        ms, result = timed(runs, lambda: econcomplex.eci_pci(matrix))
        good &= line("ECI and PCI", ours["eci"][0], "econcomplex", "eci_pci", ms, close("eci", result[0]), 1e-8)
        ms, result = timed(runs, lambda: econcomplex.proximity(matrix, compute="product"))
        values = numpy.array(result["product"] if isinstance(result, dict) else result, dtype=float)
        numpy.fill_diagonal(values, 1)
        good &= line("proximity", ours["proximity"][0], "econcomplex", "proximity", ms, close("proximity", values), 1e-10)
    except ImportError:
        skipped("econcomplex", "not installed")
    try:
        import economic_complexity

        frame = pandas.DataFrame(rca, index=wide.index, columns=wide.columns)
        ms, result = timed(runs, lambda: economic_complexity.proximity(frame))
        values = numpy.array(result, dtype=float)
        numpy.fill_diagonal(values, 1)
        good &= line("proximity", ours["proximity"][0], "economic-complexity", "proximity", ms, close("proximity", values), 1e-10)
        phi = pandas.DataFrame(values, index=wide.columns, columns=wide.columns)
        ms, result = timed(runs, lambda: economic_complexity.relatedness(frame, proximities=phi))
        good &= line("density", ours["density"][0], "economic-complexity", "relatedness", ms, close("density", result), 1e-10)
    except ImportError:
        skipped("economic-complexity", "not installed")
    except ValueError as error:
        skipped("economic-complexity", f"pandas {version('pandas')}: {error}")
    try:
        import ecomplexity

        long = table.assign(year=2019)
        names = {"time": "year", "loc": "country", "prod": "product", "val": "exports"}
        # It prints what it thinks of the data.
        with contextlib.redirect_stdout(io.StringIO()):
            ms, result = timed(max(1, runs // 3), lambda: ecomplexity.ecomplexity(long, names, verbose=False))
        result = result.pivot(index="country", columns="product", values="density").loc[wide.index, wide.columns]
        good &= line("all, from the amounts on", ours["all"][0], "ecomplexity", "ecomplexity", ms, close("density", result), 1e-10)
    except ImportError:
        skipped("ecomplexity", "not installed")

    def by_numpy():
        counts = binary.T @ binary
        return counts / numpy.maximum.outer(binary.sum(axis=0), binary.sum(axis=0))

    ms, phi = timed(runs, by_numpy)
    good &= line("proximity", ours["proximity"][0], "numpy", "M.T @ M / max(k, k')", ms, close("proximity", phi), 1e-12)
    ms, density = timed(runs, lambda: binary @ phi / phi.sum(axis=0))
    good &= line("density", ours["density"][0], "numpy", "M @ phi / phi.sum()", ms, close("density", density), 1e-12)
    return good


def leontief(program, runs):
    import numpy

    rows = query("mx_io_flows")
    totals = {row["industry_code"]: float(row["output"]) for row in query("mx_io_industries")}
    codes = sorted(totals)
    index = {code: position for position, code in enumerate(codes)}
    flows = numpy.zeros((len(codes), len(codes)))
    for row in rows:
        flows[index[row["origin_code"]], index[row["destination_code"]]] = float(row["value"])
    output = numpy.array([totals[code] for code in codes])
    ours = kernels(program, "leontief", numpy.concatenate([flows.ravel(), output]), len(codes), len(codes), runs)
    head(f"Leontief inverse, {len(codes)} × {len(codes)}")
    good = True

    def close(values):
        return float(numpy.abs(ours["leontief"][1] - numpy.asarray(values).ravel()).max())

    ms, result = timed(runs, lambda: numpy.linalg.inv(numpy.eye(len(codes)) - flows / output))
    good &= line("inverse", ours["leontief"][0], "numpy", "linalg.inv", ms, close(result), 1e-9)
    try:
        import pandas
        import pymrio

        names = pandas.MultiIndex.from_product([["MX"], codes], names=["region", "sector"])
        frame = pandas.DataFrame(flows, index=names, columns=names)
        total = pandas.DataFrame(output, index=names, columns=["indout"])
        ms, result = timed(runs, lambda: pymrio.calc_L(pymrio.calc_A(frame, total)))
        good &= line("inverse", ours["leontief"][0], "pymrio", "calc_A, calc_L", ms, close(result), 1e-9)
    except ImportError:
        skipped("pymrio", "not installed")
    return good


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = Path(sys.argv[1]).resolve()
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    if len(sys.argv) > 3:
        rows = list(csv.DictReader(open(sys.argv[3], encoding="utf-8")))
    else:
        rows = query('exports(by:[country, product], in:"World", data:trade_hs92)')
    good = complexity(program, runs, rows)
    good &= leontief(program, runs)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
