#!/usr/bin/env python3
"""Prints what `:plan` expects of a query beside what it takes, for grids, sparse grids, files and verbs.

    Benchmarks/estimates.py [--small]

The constants of `CostEstimate` are made from this: for queries of more than 10 ms both numbers should be within a factor of three.
Needs the programs `facts` and `measure`, and numpy (see `Benchmarks/run`).
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from systems import THREADS, Cq

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CATALOGUE = ROOT / "Sources" / "CBundledData" / "data"
RUNS = 3

GRIDS = [
    "employment(by:[{level}, year], {span})", "employment(by:[{level}, naics6, year], {span})",
    "lq(by:[{level}, naics6, year], {span})", "lq(by:[{level}, naics6], year:2019)", "hhi(by:[{level}, year], over:naics6, {span})",
    "shift_share(by:{level}, over:naics6, {span})", "krugman(by:[{level}, year], over:naics6, {span})",
    "lq(by:[{level}, naics6, year], {span}) | top 100", "lq(by:[{level}, naics6, year], {span}) | where lq > 2 | sort lq desc",
    "gini_spec(by:{level}, over:naics6, year:2019)", "table(m = median(employment, over:naics6), by:[{level}, year], {span})",
    "employment(by:[{level}, naics6, year], {span}) | pivot year, values:employment",
    "employment(by:[{level}, naics6, year], {span}) | rank employment",
]
ROWS = [
    "sort employment desc", "sort industry, employment", "top 100, by:employment", "where employment > 500_000",
    "derive x = employment / 2", "rank employment", "summarize total = sum(employment), by:county",
    "summarize total = sum(employment), by:[county, industry, year, size]",
]


def made(folder, *options):
    program = ROOT / ".build" / "release" / "facts"
    subprocess.run([str(program), *map(str, options), "--catalogue", str(CATALOGUE), str(folder)], check=True)


class Folder:
    def __init__(self, folder):
        self.folder = folder


def asked(cq, title, queries):
    print(f"{title}\n{'expected':>10} {'first':>10} {'took':>10} {'again':>10}  ratio")
    worst = 1.0
    for query in queries:
        first = cq.ask("query", THREADS, "cold", 1, query)
        found = cq.ask("query", THREADS, "cold", RUNS, query)
        again = cq.ask("query", THREADS, "warm", RUNS, query)
        took, warm = sorted(found["ms"])[RUNS // 2], sorted(again["ms"])[RUNS // 2]
        ratio = found["expected_ms"] / took
        mark = "  <<" if took > 10 and not 1 / 3 <= ratio <= 3 else ""
        if took > 10:
            worst = max(worst, ratio, 1 / ratio)
        print(f"{found['expected_ms']:10.1f} {first['ms'][0]:10.1f} {took:10.1f} {warm:10.1f}  ×{ratio:.2f}{mark}  {query[:110]}", flush=True)
    print()
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true")
    scale = 50 if parser.parse_args().small else 1
    measure = str(HERE / ".build" / "release" / "measure")
    folder = Path(tempfile.mkdtemp(prefix="cq-estimates-"))
    worst = 1.0
    try:
        for title, level, rows, years, absent in [
            ("states, many rows", "state", 20_000_000, 20, "zero"), ("counties", "county", 10_000_000, 4, "zero"),
            ("counties, few cells", "county", 1_800_000, 20, "missing"), ("counties, few cells, absent are 0", "county", 1_800_000, 20, "zero")]:
            made(folder / "facts", "--rows", rows // scale, "--places", level, "--years", years, "--absent", absent)
            cq = Cq(measure, Folder(folder / "facts"))
            queries = [query.format(level=level, span=f"year:{2020 - years}..2019") for query in GRIDS]
            if title.endswith("0"):
                # Every cell would be a row.
                queries = [query for query in queries if "naics6, year]" not in query or "top" in query or "where" in query]
            worst = max(worst, asked(cq, title, queries))
            cq.close()
            shutil.rmtree(folder / "facts")
        made(folder / "rows", "--rows", 5_000_000 // scale, "--places", "county", "--sparse", "true")
        cq = Cq(measure, Folder(folder / "rows"), catalogue=CATALOGUE)
        table = f'open("{folder}/rows/sparse.arrow")'
        worst = max(worst, asked(cq, "rows of a file", [f"{table} | {verb}" for verb in ROWS]))
        cq.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"worst ratio of queries over 10 ms: {worst:.1f}")


main()
