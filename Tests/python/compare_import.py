"""Reads the same files with cq and with DuckDB, pandas and pyarrow, and compares what comes out.

Run from the root of the repository: `python3 Tests/python/compare_import.py [path of cq]`. Readers that are not installed
are left out, and said so; exits with 1 when anything differs.
"""

import csv
import gzip
import importlib.util
import io
import pathlib
import random
import subprocess
import sys
import tempfile

CQ = sys.argv[1] if len(sys.argv) > 1 else ".build/release/cq"
STATES = ["Ohio", "Texas", "Nuevo León", "Québec, QC", 'The "Golden" State']
ROWS = 20_000


def make_rows(seed):
    source = random.Random(seed)
    for row in range(ROWS):
        yield {
            "year": source.randint(2001, 2023),
            "state": source.choice(STATES),
            "code": "%05d" % source.randint(1001, 56045),
            "jobs": "" if source.random() < 0.05 else source.randint(-50, 10**9),
            "pay": round(source.gauss(1000, 400), 3),
        }


def write_csv(path, rows, delimiter=",", line_end="\n", opener=open):
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["year", "state", "code", "jobs", "pay"], delimiter=delimiter, lineterminator=line_end)
        writer.writeheader()
        writer.writerows(rows)


def totals_of_cq(path):
    query = f'open("{path}", text:[code]) | summarize rows = count(year), jobs = sum(jobs), pay = sum(pay), by:state'
    run = subprocess.run([CQ, "--format", "csv", "-e", query], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"cq can't read {path}:\n{run.stderr}")
    table = csv.DictReader(io.StringIO(run.stdout))
    return {row["state"]: (int(row["rows"]), float(row["jobs"]), float(row["pay"])) for row in table}


def totals_of(rows):
    totals = {}
    for row in rows:
        count, jobs, pay = totals.get(row["state"], (0, 0, 0.0))
        totals[row["state"]] = (count + 1, jobs + (row["jobs"] or 0), pay + row["pay"])
    return totals


def totals_of_duckdb(path):
    import duckdb

    query = "select state, count(*), sum(jobs), sum(pay) from read_csv(?, types = {'code': 'VARCHAR'}) group by 1"
    return {state: (count, jobs, pay) for state, count, jobs, pay in duckdb.execute(query, [str(path)]).fetchall()}


def totals_of_frame(frame):
    groups = frame.groupby("state").agg(rows=("year", "size"), jobs=("jobs", "sum"), pay=("pay", "sum"))
    return {state: (int(row.rows), float(row.jobs), float(row.pay)) for state, row in groups.iterrows()}


def agree(mine, theirs):
    return mine.keys() == theirs.keys() and all(
        mine[key][0] == theirs[key][0]
        and mine[key][1] == float(theirs[key][1])
        and abs(mine[key][2] - theirs[key][2]) <= 1e-9 * abs(theirs[key][2])
        for key in mine
    )


def main():
    has = {name: importlib.util.find_spec(name) is not None for name in ["duckdb", "pandas", "pyarrow"]}
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        rows = list(make_rows(11))
        files = {"plain.csv": {}, "crlf.csv": {"line_end": "\r\n"}, "tabs.tsv": {"delimiter": "\t"},
                 "semicolons.csv": {"delimiter": ";"}, "packed.csv.gz": {"opener": gzip.open}}
        for name, options in files.items():
            write_csv(folder / name, rows, **options)
        expected = {name: [("python", totals_of(rows))] for name in files}
        if has["duckdb"]:
            for name in files:
                expected[name].append(("duckdb", totals_of_duckdb(folder / name)))
        if has["pandas"] and has["pyarrow"]:
            import pandas as pd

            frame = pd.read_csv(folder / "plain.csv", dtype={"code": str})
            frame.to_parquet(folder / "frame.parquet", index=False)
            frame.to_feather(folder / "frame.feather")
            frame.to_json(folder / "frame.jsonl", orient="records", lines=True, double_precision=15)
            frame.to_stata(folder / "frame.dta", version=118, write_index=False)
            for name in ["frame.parquet", "frame.feather", "frame.jsonl", "frame.dta"]:
                expected[name] = [("pandas", totals_of_frame(frame))]
        for name, others in sorted(expected.items()):
            mine = totals_of_cq(folder / name)
            for reader, theirs in others:
                is_same = agree(mine, theirs)
                failures += not is_same
                print(f"{name:16} {reader:8} {'same totals' if is_same else 'DIFFERS'}")
    for name, is_there in has.items():
        if not is_there:
            print(f"{name} is not installed: left out")
    raise SystemExit(1 if failures else 0)


if __name__ == "__main__":
    main()
