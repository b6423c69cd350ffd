"""Times whole processes of cq, checks what they print, and compares with others doing the same where they are installed.

Gives the median and the minimum in milliseconds; runs of all sides alternate.
"""

import csv
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import long_script
from systems import duckdb, numpy, polars

DATA = Path(__file__).resolve().parents[1] / "Sources" / "CBundledData" / "data"

POLARS_TOTALS = f"""
import polars
facts = polars.read_ipc({str(DATA / "us_qcew_state.arrow")!r})
rows = facts.filter(polars.col("activity").cast(polars.String) == "00").select("region", "year", "employment")
print("state_code,year,employment")
for region, year, employment in rows.iter_rows():
    print(f"{{region}},{{year}},{{employment}}")
"""


def seed_is_right(output):
    rows = list(csv.DictReader(io.StringIO(output)))
    return len(rows) == 5 and rows[0]["state"] == "Washington" and abs(float(rows[0]["lq"]) - 5.546068) < 1e-5


def totals(output):
    return {(row["state_code"], row["year"]): int(float(row["employment"])) for row in csv.DictReader(io.StringIO(output))}


def totals_are_right(output):
    found = totals(output)
    return len(found) == 102 and sum(value for key, value in found.items() if key[1] == "2019") == 126_358_746


def timed(command, status=0):
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    elapsed = (time.perf_counter() - start) * 1_000
    if done.returncode != status:
        sys.exit(f"{command[0]} failed: {done.stderr}")
    return elapsed, done.stdout


def compare(name, commands, is_right, runs):
    """Runs the commands in turn, so that a busy moment of the machine meets all of them."""
    times = {label: [] for label in commands}
    for _ in range(runs):
        for label, command in commands.items():
            elapsed, output = timed(command)
            if not is_right(output):
                sys.exit(f"{name}: {label} printed something wrong:\n{output[:500]}")
            times[label].append(elapsed)
    print(name)
    for label, values in times.items():
        print(f"  {label:<8} median {statistics.median(values):8.1f} ms   minimum {min(values):8.1f} ms", flush=True)
    return name, {label: (statistics.median(values), min(values)) for label, values in times.items()}


def check_scripts(cq, runs):
    """`cq check` of scripts of 2,000 lines; that it checks anything is seen from a mistake on the last line."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in [("", long_script.text()), (", each a statement", long_script.dense_text())]:
            script, wrong = Path(folder) / "long.cq", Path(folder) / "wrong.cq"
            script.write_text(text)
            lines = text.splitlines()
            wrong.write_text("\n".join(lines[:-1] + ["lq(by:state, in:\"Ohoi\")"]) + "\n")
            done = subprocess.run([cq, "check", wrong], capture_output=True, text=True)
            if done.returncode != 3 or f"{len(lines)}:17" not in done.stderr or "E0301" not in done.stderr:
                sys.exit(f"cq check does not find the mistake in line {len(lines)}: {done.stderr[:500]}")
            yield compare(
                f"check of {len(lines):,} lines{name}, {len(text):,} bytes, start to exit",
                {"cq": [cq, "check", str(script)]}, lambda output: output == "", runs)


def duckdb_program():
    """The command line of DuckDB; of `pip install duckdb-cli` the program itself, not the script that starts it."""
    try:
        import duckdb_cli

        inside = Path(duckdb_cli.__file__).with_name("duckdb")
        if inside.exists():
            return str(inside)
    except ImportError:
        pass
    beside = Path(sys.executable).with_name("duckdb")
    return str(beside) if beside.exists() else shutil.which("duckdb")


def duckdb_commands(sql):
    """A query as a process of DuckDB's: its command line, and its module in Python, whichever there are; both print CSV."""
    commands = {}
    if duckdb_program():
        commands["DuckDB"] = [duckdb_program(), "-csv", "-c", sql]
    if duckdb:
        commands["DuckDB in Python"] = [sys.executable, "-c", f"""
import duckdb
answer = duckdb.sql({sql!r})
if answer:
    print(",".join(answer.columns))
    for row in answer.fetchall():
        print(*row, sep=",")
"""]
    return commands


def measured(cq, runs):
    """Rows of a table: what was measured, and the median and minimum of each side."""
    seed = 'lq(cluster:"Aerospace", by:state) | top 5'
    yield compare("seed query, start to exit", {"cq": [cq, "-e", seed, "--format", "csv"]}, seed_is_right, runs)
    starts = {"cq": [cq, "-e", "1 + 1", "--format", "csv"], **duckdb_commands("select 1 + 1")}
    if polars:
        starts["Polars"] = [sys.executable, "-c", "import polars; print(1 + 1)"]
    yield compare("start to exit of a sum", starts, lambda output: output.strip().endswith("2"), runs)
    yield from check_scripts(cq, runs)
    query = "employment(by:[state, year], data:us_qcew_state)"
    commands = {"cq": [cq, "-e", query, "--format", "csv"]}
    if polars:
        commands["Polars"] = [sys.executable, "-c", POLARS_TOTALS]
    yield compare("102 published totals out of 138,749 rows, start to exit", commands, totals_are_right, runs)


def csv_measured(cq, folder, rows, runs):
    """Reading a file of separated values and adding up a column; the totals must agree with the columns beside it."""
    file = f"{folder}/facts.csv"
    total = int(numpy.fromfile(f"{folder}/employment.i32", "<i4")[:rows].sum())
    query = f'open("{file}") | summarize rows = count(employment), total = sum(employment)'
    totals = "select count(*) as rows, sum(employment) as total from"
    commands = {"cq": [cq, "-e", query, "--format", "csv"], **duckdb_commands(f"{totals} read_csv('{file}')")}
    if polars:
        commands["Polars"] = [sys.executable, "-c", f"""
import polars
facts = polars.read_csv({file!r})
print("rows,total")
print(f"{{len(facts)}},{{facts['employment'].sum()}}")
"""]

    def is_right(output):
        last = output.strip().split("\n")[-1].split(",")
        return [float(word) for word in last[-2:]] == [rows, total]

    size = Path(file).stat().st_size
    yield compare(f"CSV of {rows:,} rows, {size / 1e6:,.0f} MB, read and added up, start to exit", commands, is_right, runs)
    converted = f"{folder}/imported.arrow"
    done = subprocess.run([cq, "import", file, "-o", converted], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"not measured: cq import ({done.stderr.splitlines()[0] if done.stderr else 'failed'})")
        return
    commands = {"cq": [cq, "import", file, "-o", converted]}
    commands.update(duckdb_commands(f"copy (select * from read_csv('{file}')) to '{folder}/imported.parquet'"))
    if polars:
        commands["Polars"] = [sys.executable, "-c", f"""
import polars
polars.read_csv({file!r}).write_ipc({folder + '/imported.ipc'!r})
"""]
    name, times = compare(f"CSV of {rows:,} rows converted to a columnar file", commands, lambda output: True, runs)
    written = {"cq": converted, "DuckDB, Parquet": f"{folder}/imported.parquet", "Polars": f"{folder}/imported.ipc"}
    sizes = [f"{side} {Path(path).stat().st_size / 1e6:,.0f} MB" for side, path in written.items() if Path(path).exists()]
    yield f"{name} ({', '.join(sizes)})", times
    # What was written holds what was read, whoever wrote it.
    checks = {"cq": [cq, "-e", query.replace(file, converted), "--format", "csv"]}
    checks.update(duckdb_commands(f"{totals} '{folder}/imported.parquet'"))
    for label, command in checks.items():
        if not is_right(timed(command)[1]):
            sys.exit(f"{label}: the totals of the converted file are wrong")
    if polars:
        written = polars.read_ipc(f"{folder}/imported.ipc")
        if (len(written), int(written["employment"].sum())) != (rows, total):
            sys.exit("Polars: the totals of the converted file are wrong")


def other_files(folder, rows):
    """Files that are harder than columns of numbers: their names, what they are, and the sum of their column `value`."""
    random = numpy.random.default_rng(7)
    notes = [f'"He said ""yes {n}"", then\nleft; a, b"' if n % 3 == 0 else f'"Plain, {n}"' for n in range(5_000)]
    values = random.integers(0, 1_000, rows)
    with open(f"{folder}/quoted.csv", "w") as file:
        file.write("id,name,note,value\n")
        picks = random.integers(0, len(notes), (rows, 2))
        for start in range(0, rows, 10_000):
            part = range(start, min(start + 10_000, rows))
            file.write("".join(f"{row},{notes[picks[row, 0]]},{notes[picks[row, 1]]},{values[row]}\n" for row in part))
    yield "quoted.csv", f"quoted fields with quotes and line ends in them, {rows:,} rows", int(values.sum())
    words = [f"word{n} of some text" for n in range(100_000)]
    shapes = [("texts.csv", 20, rows // 4), ("wide.csv", 1_000, max(1, rows // 100))]
    for name, columns, count in shapes:
        values = random.integers(0, 1_000, count)
        picks = [random.integers(0, 10 ** (1 + column % 5), count) for column in range(columns)]
        with open(f"{folder}/{name}", "w") as file:
            file.write(",".join([f"c{column}" for column in range(columns)] + ["value"]) + "\n")
            for row in range(count):
                texts = (words[pick[row]] if columns == 20 or column % 4 == 0 else str(pick[row]) for column, pick in enumerate(picks))
                file.write(",".join(texts) + f",{values[row]}\n")
        what = "columns of texts" if columns == 20 else "columns of texts and numbers"
        yield name, f"{columns:,} {what}, {count:,} rows", int(values.sum())


def other_files_measured(cq, folder, rows, runs):
    """Converting harder files; the sum of a column must be that of what was written before, whoever has converted it."""
    for name, what, total in other_files(folder, rows):
        file, stem = f"{folder}/{name}", f"{folder}/{name.split('.')[0]}"
        commands = {"cq": [cq, "import", file, "-o", f"{stem}.arrow"]}
        commands.update(duckdb_commands(f"copy (select * from read_csv('{file}')) to '{stem}.parquet'"))
        if polars:
            commands["Polars"] = [sys.executable, "-c", f"import polars; polars.read_csv({file!r}).write_ipc({stem + '.ipc'!r})"]
        yield compare(f"converted: {what}, {Path(file).stat().st_size / 1e6:,.0f} MB", commands, lambda output: True, runs)
        query = f'open("{stem}.arrow") | summarize total = sum(value)'
        checks = {"cq": [cq, "-e", query, "--format", "csv"]}
        checks.update(duckdb_commands(f"select sum(value) as total from '{stem}.parquet'"))
        for label, command in checks.items():
            if float(timed(command)[1].strip().split("\n")[-1]) != total:
                sys.exit(f"{label}: the sum of the converted {name} is wrong")
        if polars and int(polars.read_ipc(f"{stem}.ipc")["value"].sum()) != total:
            sys.exit(f"Polars: the sum of the converted {name} is wrong")


WATCHED = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(usage.ru_maxrss if status == 0 else "")
"""


def peak_megabytes(command):
    """The most memory that a process has held at once. A small process starts it: until a process becomes another program it
    counts what the one before it held."""
    found = subprocess.run([sys.executable, "-c", WATCHED, *map(str, command)], capture_output=True, text=True).stdout
    if not found.strip():
        sys.exit(f"{command[0]} failed")
    return int(found) / 1_024


def compressed(file, ending, repeats):
    """The file, its rows so many times, compressed; nil where there is no program for it."""
    packed = f"{file}.{repeats}.{ending}"
    command = {"gz": ["gzip", "-1", "-c"], "zst": ["zstd", "-q", "-c"]}[ending]
    if not shutil.which(command[0]):
        return None
    with open(file, "rb") as plain, open(packed, "wb") as target:
        packer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=target)
        names = plain.readline()
        packer.stdin.write(names)
        for _ in range(repeats):
            plain.seek(len(names))
            shutil.copyfileobj(plain, packer.stdin)
        packer.stdin.close()
        if packer.wait() != 0:
            sys.exit(f"{command[0]} failed")
    return packed


def compressed_measured(cq, folder, rows, runs):
    """Compressed files added up, one of them of some 600 MB."""
    file = f"{folder}/facts.csv"
    sum_of_rows = int(numpy.fromfile(f"{folder}/employment.i32", "<i4")[:rows].sum())
    for ending, repeats in [("gz", 1), ("gz", 6), ("zst", 6)]:
        packed = compressed(file, ending, repeats)
        if not packed:
            continue
        total = sum_of_rows * repeats
        query = f'open("{packed}") | summarize total = sum(employment)'
        commands = {
            "cq": [cq, "-e", query, "--format", "csv"],
            **duckdb_commands(f"select sum(employment)::bigint as total from read_csv('{packed}')")}
        if polars:
            commands["Polars"] = [sys.executable, "-c", f"import polars; print(polars.read_csv({packed!r})['employment'].cast(polars.Int64).sum())"]
        yield compare(
            f"CSV of {rows * repeats:,} rows, {Path(file).stat().st_size * repeats / 1e6:,.0f} MB, as .{ending} of "
            f"{Path(packed).stat().st_size / 1e6:,.0f} MB, read and added up", commands,
            lambda output: float(output.strip().split("\n")[-1]) == total, runs)
        Path(packed).unlink()


def datasets_measured(cq, folder, rows, runs, order):
    """A file made a dataset: totals by state of its last year, against a plain grouping of the same file."""
    file = f"{folder}/facts.csv"
    regions = open(f"{folder}/regions.txt").read().split("\n")
    codes, years, jobs = (
        numpy.fromfile(f"{folder}/{name}", kind)[:rows]
        for name, kind in [("region.u16", "<u2"), ("year.i16", "<i2"), ("employment.i32", "<i4")])
    last = int(years.max())
    sums = numpy.bincount(codes[years == last], jobs[years == last], len(regions))
    expected = {int(code): int(value) for code, value in zip(regions, sums) if value}
    query = f'let mine = dataset("{file}", duplicates:add)\nemployment(by:state, data:mine)'
    grouped = f"select state, sum(employment) as total from read_csv('{file}') where year = {last} group by state"
    commands = {"cq": [cq, "-e", query, "--format", "csv"], **duckdb_commands(grouped)}
    if polars:
        commands["Polars"] = [sys.executable, "-c", f"""
import polars
facts = polars.read_csv({file!r}).filter(polars.col("year") == {last}).group_by("state").agg(polars.col("employment").sum())
for state, total in facts.iter_rows():
    print(state, total, sep=",")
"""]

    def is_right(output):
        lines = [line.rsplit(",", 2)[-2:] for line in output.strip().split("\n")]
        return {int(code): int(float(value)) for code, value in lines if code.strip().isdigit()} == expected

    peaks = ", ".join(f"{label} {peak_megabytes(command):,.0f}" for label, command in commands.items())
    yield compare(
        f"a dataset of {rows:,} rows {order}, rows of a cell added up, totals by state of the last year (peak memory in MB: {peaks})",
        commands, is_right, runs)
