"""The systems that are measured: each answers the same questions about the same rows, and gives arrays that can be compared.

Answers are dictionaries of arrays: keys (year, region, activity as whole numbers) and values.
"""

import json
import os
import subprocess
import time

THREADS = os.cpu_count() or 1
os.environ.setdefault("POLARS_MAX_THREADS", str(THREADS))

try:
    import numpy
except ImportError:
    numpy = None
try:
    import duckdb
except ImportError:
    duckdb = None
try:
    import polars
except ImportError:
    polars = None


def timed(body):
    start = time.perf_counter()
    result = body()
    return (time.perf_counter() - start) * 1_000, result


class Facts:
    """A folder that `facts` has made: columns as arrays, codes in order."""

    def __init__(self, folder):
        self.folder = folder
        column = lambda name, kind: numpy.fromfile(f"{folder}/{name}", kind)
        self.columns = {
            "year": column("year.i16", "<i2"), "region": column("region.u16", "<u2"),
            "activity": column("activity.u16", "<u2"), "employment": column("employment.i32", "<i4")}
        self.regions = open(f"{folder}/regions.txt").read().split("\n")
        self.activities = open(f"{folder}/activities.txt").read().split("\n")
        self.first, self.last = int(self.columns["year"][0]), int(self.columns["year"][-1])
        self.rows = len(self.columns["year"])

    def cells(self):
        """Employment by year, region and activity, added up by numpy: what all systems are held against."""
        shape = (self.last - self.first + 1, len(self.regions), len(self.activities))
        result = numpy.zeros(shape)
        bounds = numpy.searchsorted(self.columns["year"], range(self.first, self.last + 2))
        for year in range(shape[0]):
            rows = slice(bounds[year], bounds[year + 1])
            keys = self.columns["region"][rows].astype(numpy.int64) * shape[2] + self.columns["activity"][rows]
            sums = numpy.bincount(keys, self.columns["employment"][rows], shape[1] * shape[2])
            result[year] = sums.reshape(shape[1:])
        return result

    def dense(self, answer, value, shape):
        """One value of an answer by year, region and activity, in the order of `shape`; 0 where it has no row."""
        positions = {"year": answer.get("year", self.last) - self.first if "year" in answer else None,
                     "region": answer.get("region"), "activity": answer.get("activity")}
        sizes = {"year": self.last - self.first + 1, "region": len(self.regions), "activity": len(self.activities)}
        result = numpy.zeros([sizes[name] for name in shape])
        result[tuple(numpy.asarray(positions[name], dtype=numpy.int64) for name in shape)] = answer[value]
        return result


class Cq:
    """The library, in a process that keeps the data open."""

    name = "cq"

    def __init__(self, program, facts, threads=THREADS, catalogue=None):
        self.facts, self.threads = facts, threads
        self.process = subprocess.Popen(
            [program, str(catalogue or facts.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.opened = self.answer()["opened"]

    def answer(self):
        line = self.process.stdout.readline()
        if not line.startswith("{"):
            raise SystemExit(f"measure failed: {line}{self.process.stdout.read()}")
        return json.loads(line)

    def ask(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def time(self, query, threads=None, warm=False):
        found = self.ask("query", threads or self.threads, "warm" if warm else "cold", 1, query["cq"])
        return found["ms"][0]

    def cancel(self, query):
        return self.ask("cancel", query["cq"])["ms"]

    def read(self, columns, threads=None):
        return self.ask("read", threads or self.threads, 1, *[f"{self.facts.folder}/{name}" for name in columns])["ms"][0]

    def result(self, query, threads=None):
        folder = f"{self.facts.folder}/answer"
        columns = self.ask("dump", threads or self.threads, folder, query["cq"])["columns"]
        answer = {}
        for name, kind in columns.items():
            if kind == "member":
                codes = numpy.fromfile(f"{folder}/{name}", "<i4")
                known = self.facts.activities if name == "naics6" else self.facts.regions
                place = {code: position for position, code in enumerate(known)}
                members = open(f"{folder}/{name}.codes").read().split("\n")
                of_member = numpy.array([place.get(code, -1) for code in members])
                answer["activity" if name == "naics6" else "region"] = of_member[codes]
            elif kind == "text":
                texts = numpy.array(open(f"{folder}/{name}.codes").read().split("\n"))
                answer[name] = texts[numpy.fromfile(f"{folder}/{name}", "<i4")]
            else:
                answer[name] = numpy.fromfile(f"{folder}/{name}", "<f8")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class DuckDB:
    name = "DuckDB"

    def __init__(self, facts):
        self.connection = duckdb.connect()
        self.connection.execute(f"set threads = {THREADS}; set enable_progress_bar = false")
        columns = facts.columns
        self.connection.execute("create table facts as select * from columns")

    def time(self, query):
        return timed(lambda: self.result(query))[0]

    def result(self, query):
        return self.connection.execute(query["sql"]).fetchnumpy()

    def close(self):
        self.connection.close()


class Polars:
    name = "Polars"

    def __init__(self, facts):
        self.frame = polars.DataFrame(facts.columns)

    def time(self, query):
        return timed(lambda: query["polars"](self.frame.lazy()).collect())[0]

    def result(self, query):
        found = query["polars"](self.frame.lazy()).collect()
        return {name: found[name].to_numpy() for name in found.columns}

    def close(self):
        self.frame = None


def versions(cq, program):
    found = [("cq", subprocess.run([cq, "--version"], capture_output=True, text=True).stdout.strip())]
    for name, module in [("DuckDB", duckdb), ("Polars", polars), ("numpy", numpy)]:
        found.append((name, module.__version__ if module else "not installed"))
    if program:
        found.append(("DuckDB's program", subprocess.run([program, "--version"], capture_output=True, text=True).stdout.split()[0]))
    return found
