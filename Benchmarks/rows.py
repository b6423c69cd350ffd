"""Verbs over millions of rows: of a plain table of a file, and of a grid. Time, memory, and how soon a query stops.

All systems hold the same rows in the same order, with codes in the place of texts; cq reads the texts of its file. What cq
answers is held against numpy row by row; of the others, whose sorts may put rows with the same key in any order, the column
that the question is about.
"""

import random
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from sparse import CATALOGUE
from systems import THREADS, Cq, Facts, duckdb, numpy, polars, timed

MEGABYTE = 1 << 20


def ranks(values):
    """1 for the largest; equal values share a rank."""
    ordered = numpy.sort(-values)
    return numpy.searchsorted(ordered, -values, side="left") + 1.0


def largest(values, count):
    """Rows of the largest values, with ties of the last."""
    order = numpy.argsort(-values, kind="stable")
    end = min(count, len(order))
    while end < len(order) and values[order[end]] == values[order[end - 1]]:
        end += 1
    return order[:end]


class Table:
    """A folder that `facts --sparse true` has made: the columns of its file as arrays."""

    def __init__(self, folder):
        self.folder = folder
        column = lambda name, kind: numpy.fromfile(f"{folder}/{name}", kind)
        self.columns = {
            "county": column("county.u16", "<u2"), "industry": column("industry.u16", "<u2"),
            "year": column("years.i16", "<i2"), "size": column("size.u8", "u1"), "employment": column("jobs.i32", "<i4")}
        self.regions = open(f"{folder}/regions.txt").read().split("\n")
        self.activities = open(f"{folder}/activities.txt").read().split("\n")


class Question:
    """One question in three languages.

    `expected` gives the columns that cq must answer with, by the name of the column in its answer; `about` is the column of the
    others' answers that is compared with that of the same name.
    """

    def __init__(self, name, cq, sql, frame, expected, about):
        self.name, self.cq, self.sql, self.frame, self.expected, self.about = name, cq, sql, frame, expected, about


def file_questions(table):
    columns = {name: values.astype(float) for name, values in table.columns.items()}
    jobs, county = columns["employment"], table.columns["county"]

    def rows(order, **more):
        return {**{name: values[order] for name, values in columns.items()}, **more}

    def totals():
        return numpy.bincount(county, jobs)

    def counties():
        first = numpy.unique(county, return_index=True)[1]
        order = county[numpy.sort(first)]
        return {"county": order.astype(float), "jobs": totals()[order]}

    column = polars.col if polars else None
    kept = lambda: numpy.nonzero(jobs > 500_000)[0]
    opened = f'open("{table.folder}/sparse.arrow")'
    total = f"({opened} | summarize total = sum(employment), by:county)"
    return [
        Question(
            "sorted by a number", f"{opened} | sort employment", "select * from facts order by employment",
            lambda f: f.sort("employment"), lambda: rows(numpy.argsort(jobs, kind="stable")), "employment"),
        Question(
            "sorted by a text and a number", f"{opened} | sort county, employment",
            "select * from facts order by county, employment", lambda f: f.sort("county", "employment"),
            lambda: rows(numpy.lexsort((jobs, county))), "employment"),
        Question(
            "the 100 largest", f"{opened} | top 100, by:employment",
            "select * from facts order by employment desc limit 100", lambda f: f.top_k(100, by="employment"),
            lambda: rows(largest(jobs, 100)), "employment"),
        Question(
            "the 1,000,000 largest", f"{opened} | top 1000000, by:employment",
            "select * from facts order by employment desc limit 1000000",
            lambda f: f.top_k(1_000_000, by="employment"), lambda: rows(largest(jobs, 1_000_000)), "employment"),
        Question(
            "ranks", f"{opened} | rank employment",
            "select *, (rank() over (order by employment desc))::double rank from facts",
            lambda f: f.with_columns(rank=column("employment").rank("min", descending=True).cast(polars.Float64)),
            lambda: rows(slice(None), rank=ranks(jobs)), "rank"),
        Question(
            "some of them, and a new column", f"{opened} | where employment > 500000 | derive half = employment / 2",
            "select *, employment / 2.0::double half from facts where employment > 500000",
            lambda f: f.filter(column("employment") > 500_000).with_columns(half=column("employment") / 2),
            lambda: rows(kept(), half=jobs[kept()] / 2), "half"),
        Question(
            "joined with the total of the county",
            f"{opened} | join {total}, on:county | derive part = employment / total",
            """select f.*, total, employment / total part from facts f
               join (select county, sum(employment)::double total from facts group by county) using (county)""",
            lambda f: f.join(
                f.group_by("county").agg(total=column("employment").sum().cast(polars.Float64)), on="county", how="left"
            ).with_columns(part=column("employment") / column("total")),
            lambda: rows(slice(None), total=totals()[county], part=jobs / totals()[county]), "part"),
        Question(
            "totals by a text", f"{opened} | summarize jobs = sum(employment), by:county",
            "select county, sum(employment)::double jobs from facts group by county",
            lambda f: f.group_by("county").agg(jobs=column("employment").sum().cast(polars.Float64)), counties, "jobs"),
    ]


def grid_questions(facts):
    cells = facts.cells()
    years, regions, activities = cells.shape
    # Rows of a grid: places, then industries, then years.
    values = cells.transpose(1, 2, 0).reshape(-1)
    year = numpy.tile(numpy.arange(facts.first, facts.last + 1.0), regions * activities)
    activity = numpy.tile(numpy.repeat(numpy.arange(activities), years), regions).astype(float)
    region = numpy.repeat(numpy.arange(regions), activities * years).astype(float)
    column = polars.col if polars else None

    def rows(order, **more):
        return {"region": region[order], "activity": activity[order], "year": year[order], "employment": values[order], **more}

    def pivoted():
        return {
            "region": region[::years], "activity": activity[::years],
            **{str(facts.first + index): values[index::years] for index in range(years)}}

    made = "(select region, activity, year, sum(employment)::double employment from facts group by all)"
    span = f"year:{facts.first}..{facts.last}"
    asked = f"employment(by:[county, naics6, year], {span})"
    grouped = lambda f: f.group_by("region", "activity", "year").agg(column("employment").sum().cast(polars.Float64))
    wide = ", ".join(
        f'sum(employment) filter (year = {year}) "{year}"' for year in range(facts.first, facts.last + 1))
    return [
        Question(
            "sorted by the number", f"{asked} | sort employment", f"select * from {made} order by employment",
            lambda f: grouped(f).sort("employment"), lambda: rows(numpy.argsort(values, kind="stable")), "employment"),
        Question(
            "ranks", f"{asked} | rank employment",
            f"select *, (rank() over (order by employment desc))::double rank from {made}",
            lambda f: grouped(f).with_columns(rank=column("employment").rank("min", descending=True).cast(polars.Float64)),
            lambda: rows(slice(None), rank=ranks(values)), "rank"),
        Question(
            "the 1,000,000 largest", f"{asked} | top 1000000, by:employment",
            f"select * from {made} order by employment desc limit 1000000",
            lambda f: grouped(f).top_k(1_000_000, by="employment"), lambda: rows(largest(values, 1_000_000)), "employment"),
        Question(
            "a column for each year", f"{asked} | pivot year",
            f"select region, activity, {wide} from facts group by region, activity",
            lambda f: f.group_by("region", "activity").agg(
                **{str(year): column("employment").filter(column("year") == year).sum().cast(polars.Float64)
                   for year in range(facts.first, facts.last + 1)}), pivoted, str(facts.first)),
    ]


# What the systems are asked, and the memory that this takes


class CqRows:
    name = "cq"

    def __init__(self, program, holder, catalogue):
        self.holder = holder
        self.cq = Cq(program, holder, catalogue=catalogue)
        self.pid = self.cq.process.pid

    def ask(self, question):
        return self.cq.time({"cq": question.cq})

    def answer(self, question, threads=THREADS):
        found = self.cq.result({"cq": question.cq}, threads=threads)
        place = lambda names: {name: index for index, name in enumerate(names)}
        codes = {
            "county": place(self.holder.regions), "industry": place(self.holder.activities),
            "size": {f"class {size + 1}": size for size in range(256)}}
        answer = {}
        for name, values in found.items():
            if values.dtype.kind in "UO":
                # Each different text once.
                different, places = numpy.unique(values, return_inverse=True)
                values = numpy.array([codes[name][text] for text in different], dtype=float)[places]
            answer[name] = numpy.asarray(values, dtype=float)
        return answer

    def cancel(self, question):
        return self.cq.cancel({"cq": question.cq})

    def close(self):
        self.cq.close()


class DuckDBRows:
    name = "DuckDB"
    pid = "self"

    def __init__(self, holder):
        self.connection = duckdb.connect()
        self.connection.execute(f"set threads = {THREADS}; set enable_progress_bar = false")
        columns = holder.columns
        self.connection.execute("create table facts as select * from columns")

    def answer(self, question):
        return self.connection.execute(question.sql).fetchnumpy()

    def ask(self, question):
        return timed(lambda: self.answer(question))[0]

    def close(self):
        self.connection.close()


class PolarsRows:
    name = "Polars"
    pid = "self"

    def __init__(self, holder):
        self.rows = polars.DataFrame(holder.columns)

    def answer(self, question):
        found = question.frame(self.rows.lazy()).collect()
        return {name: found[name].to_numpy() for name in found.columns}

    def ask(self, question):
        return timed(lambda: question.frame(self.rows.lazy()).collect())[0]

    def close(self):
        self.rows = None


def status(pid, name):
    return next(int(line.split()[1]) * 1024 for line in open(f"/proc/{pid}/status") if line.startswith(name))


def peak(system, question):
    """Bytes that were resident at most while a question was answered, beyond those before; nil where the system does not say."""
    try:
        Path(f"/proc/{system.pid}/clear_refs").write_text("5")
        before = status(system.pid, "VmRSS")
        system.ask(question)
        return status(system.pid, "VmHWM") - before
    except OSError:
        return None


def compared(question, own, others):
    expected = question.expected()
    found = own.answer(question)
    for name, values in expected.items():
        if name not in found:
            sys.exit(f"{question.name}: cq has no column {name}, only {', '.join(found)}")
        if not numpy.array_equal(numpy.nan_to_num(found[name]), values):
            sys.exit(f"{question.name}: cq differs from numpy in {name}")
    for threads in (1, 7):
        again = own.answer(question, threads)
        if any(again[name].tobytes() != found[name].tobytes() for name in found):
            sys.exit(f"{question.name}: {threads} threads give other bits")
    wanted = numpy.sort(expected[question.about])
    for other in others:
        values = numpy.sort(numpy.asarray(numpy.ma.filled(other.answer(question)[question.about], 0), dtype=float))
        # Rows that tie with the last wanted one are cq's alone, and so are cells of a grid that no fact fills: they are 0.
        ends = [wanted[len(wanted) - len(values):], wanted[: len(values)]]
        if not any(numpy.allclose(values, end, rtol=1e-12, atol=0) for end in ends):
            sys.exit(f"{question.name}: {other.name} differs from numpy")


def measured(program, holder, questions, catalogue, runs, stops):
    """For each question its name, the milliseconds and the peak of each system, and what stopping cq took."""
    own = CqRows(program, holder, catalogue)
    others = [system(holder) for system, module in [(DuckDBRows, duckdb), (PolarsRows, polars)] if module]
    found = []
    for question in questions:
        compared(question, own, others)
        times = {system.name: [] for system in [own, *others]}
        for _ in range(runs):
            for system in [own, *others]:
                times[system.name].append(system.ask(question))
        peaks = {system.name: peak(system, question) for system in [own, *others]}
        ends = sorted(own.cancel(question) for _ in range(stops))
        found.append((question.name, {name: statistics.median(values) for name, values in times.items()}, peaks, ends))
    for system in [own, *others]:
        system.close()
    return found


def file_measured(program, folder, runs, stops):
    table = Table(folder)
    return measured(program, table, file_questions(table), CATALOGUE, runs, stops)


def grid_measured(program, facts, runs, stops):
    return measured(program, facts, grid_questions(facts), None, runs, stops)


# Ctrl-C: from the signal to the end of the process


def interrupted(arguments, output, stops):
    """Milliseconds from SIGINT to the end of each process, worst last; ends the program where one leaves half a file behind."""
    run = lambda: subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    begin = time.perf_counter()
    if run().wait():
        sys.exit(f"{' '.join(map(str, arguments))} failed")
    whole = time.perf_counter() - begin
    size = Path(output).stat().st_size if Path(output).exists() else None
    found = []
    while len(found) < stops:
        Path(output).unlink(missing_ok=True)
        process = run()
        time.sleep(whole * random.uniform(0.1, 0.8))
        begin = time.perf_counter()
        process.send_signal(signal.SIGINT)
        code = process.wait()
        if code == 0:
            # It had ended before.
            continue
        found.append((time.perf_counter() - begin) * 1_000)
        left = [path.name for path in Path(output).parent.iterdir() if path.name.startswith(Path(output).name)]
        if left == [Path(output).name] and Path(output).stat().st_size == size:
            # The file was in place, and only the message about it was not out.
            left = []
        if code != 130 or left:
            sys.exit(f"{' '.join(map(str, arguments))}: code {code}, left {left}")
    return sorted(found)


def text_file(path, rows, isQuoted):
    """Rows with two columns of texts, most of them different."""
    with open(path, "w") as file:
        file.write("firm,town,jobs\n")
        for row in range(rows):
            number = row * 7_919 % 1_000_003
            firm = f"Firm number {number} of {row}"
            file.write(f'"{firm}, ""Ltd""","Town, {row % 30_000}",{row % 997}\n' if isQuoted else f"{firm},Town {row % 30_000},{row % 997}\n")


def processes_interrupted(cq, folder, csv, rows, stops):
    """For each kind of work what SIGINT to the end of the process takes."""
    plain, quoted, output = f"{folder}/texts.csv", f"{folder}/quoted.csv", f"{folder}/interrupted.arrow"
    text_file(plain, rows, False)
    text_file(quoted, rows, True)
    cases = [
        ("`cq import` of numbers", ["import", csv, "-o", output]),
        ("`cq import` of texts", ["import", plain, "-o", output]),
        ("`cq import` of quoted texts", ["import", quoted, "-o", output]),
        ("`open` of texts, sorted", ["-e", f'open("{plain}") | sort firm | first 3']),
        ("`dataset`", ["-e", f'let own = dataset("{csv}", duplicates:add)\nemployment(by:state, data:own)']),
    ]
    found = [(name, interrupted([cq, *arguments], output, stops)) for name, arguments in cases]
    for path in (plain, quoted, output):
        Path(path).unlink(missing_ok=True)
    return found
