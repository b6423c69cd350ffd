"""Rows of a file grouped by one key and by four, into few groups and many, keys being whole numbers or texts.

All systems hold the same rows in the same order and give the 100 largest groups; their answers are held against numpy's.
"""

import shutil
import statistics
import sys
from pathlib import Path

from systems import THREADS, Cq, duckdb, numpy, polars, timed

LARGEST = 100
SIZES = [10_000, 100_000, 300_000, 1_000_000, 10_000_000]
CATALOGUE = Path(__file__).resolve().parents[1] / "Sources" / "CBundledData" / "data"
# Name, number of key columns, texts or not, and the groups of so many rows.
CASES = [
    (f"{keys} key{'s' if keys > 1 else ''}, {'texts' if is_text else 'numbers'}, {'few' if is_few else 'many'} groups", keys, is_text, is_few)
    for keys in (1, 4) for is_text in (False, True) for is_few in (True, False)]


class Table:
    """Columns `k0` … and `jobs`, in no order; each row is of one of the groups of a pool of keys."""

    def __init__(self, folder, rows, key_count, is_text, is_few):
        random = numpy.random.default_rng(rows + key_count)
        self.folder, self.rows = folder, rows
        self.names = [f"k{number}" for number in range(key_count)]
        group_count = 300 if is_few else max(300, rows // 4)
        ranges = [2_000_000_000] if key_count == 1 else [3_200, 1_050, 20, 9]
        pool = numpy.unique(
            numpy.stack([random.integers(1, end, group_count) for end in ranges], axis=1), axis=0)
        self.group = random.integers(0, len(pool), rows)
        self.jobs = random.integers(0, 1_000, rows).astype(numpy.int32)
        self.pool = [
            numpy.char.add("key ", column.astype(str)) if is_text else column.astype(numpy.int32) for column in pool.T]
        columns = {name: column[self.group] for name, column in zip(self.names, self.pool)}
        if is_text:
            columns = {name: column.astype(object) for name, column in columns.items()}
        self.frame = polars.DataFrame({**columns, "jobs": self.jobs})
        self.frame.write_csv(f"{folder}/table.csv")

    def largest(self):
        """The sums of the largest groups by their keys; of those that tie with the last, any may be among them."""
        sums = numpy.bincount(self.group, self.jobs, len(self.pool[0]))
        order = numpy.argsort(-sums, kind="stable")[: LARGEST + 1_000]
        keys = zip(*(column[order].tolist() for column in self.pool))
        self.least = float(numpy.sort(sums)[-min(LARGEST, len(sums))])
        return dict(zip(keys, sums[order].tolist()))


class CqTable:
    name = "cq"

    def __init__(self, program, table):
        self.names = table.names
        self.query = {"cq": f'open("{table.folder}/table.csv") | summarize total = sum(jobs), '
                            f'by:[{", ".join(table.names)}] | top {LARGEST}, by:total'}
        self.cq = Cq(program, table, catalogue=CATALOGUE)

    def time(self):
        return self.cq.time(self.query)

    def answer(self, threads=THREADS):
        found = self.cq.result(self.query, threads=threads)
        return [found[name] for name in self.names], found["total"]

    def close(self):
        self.cq.close()


class DuckDBTable:
    name = "DuckDB"

    def __init__(self, table):
        self.names = table.names
        self.query = f"select {', '.join(table.names)}, sum(jobs)::double total from facts group by all order by total desc limit {LARGEST}"
        self.connection = duckdb.connect()
        self.connection.execute(f"set threads = {THREADS}; set enable_progress_bar = false")
        frame = table.frame.to_arrow() if hasattr(table.frame, "to_arrow") else table.frame
        self.connection.execute("create table facts as select * from frame")

    def time(self):
        return timed(lambda: self.connection.execute(self.query).fetchnumpy())[0]

    def answer(self):
        found = self.connection.execute(self.query).fetchnumpy()
        return [found[name] for name in self.names], found["total"]

    def close(self):
        self.connection.close()


class PolarsTable:
    name = "Polars"

    def __init__(self, table):
        self.frame, self.names = table.frame, table.names

    def run(self):
        total = polars.col("jobs").sum().cast(polars.Float64).alias("total")
        return self.frame.lazy().group_by(self.names).agg(total).top_k(LARGEST, by="total").collect()

    def time(self):
        return timed(self.run)[0]

    def answer(self):
        found = self.run()
        return [found[name].to_numpy() for name in self.names], found["total"].to_numpy()

    def close(self):
        self.frame = None


def checked(case, table, system, largest):
    """Every group that a system gives is one of the largest, with its sum."""
    keys, totals = system.answer()
    keys = list(zip(*(column.tolist() for column in keys)))
    if len(set(keys)) != min(LARGEST, len(table.pool[0])):
        sys.exit(f"{case}: {system.name} gives {len(keys)} groups")
    for key, total in zip(keys, totals.tolist()):
        if largest.get(key, table.least) != total:
            sys.exit(f"{case}: {system.name} gives {total} for {key} where numpy gives {largest.get(key)}")


def measured(program, folder, sizes, runs):
    """For each case its name and, by size, the median milliseconds of each system; all take turns."""
    for case, keys, is_text, is_few in CASES:
        found = {}
        for rows in sizes:
            Path(folder).mkdir(parents=True, exist_ok=True)
            table = Table(folder, rows, keys, is_text, is_few)
            largest = table.largest()
            systems = [CqTable(program, table), PolarsTable(table)]
            if duckdb:
                systems.insert(1, DuckDBTable(table))
            for system in systems:
                checked(f"{case}, {rows:,} rows", table, system, largest)
            first = systems[0].answer(1)
            for threads in (2, 7):
                again = systems[0].answer(threads)
                if first[1].tobytes() != again[1].tobytes() or any((mine != theirs).any() for mine, theirs in zip(first[0], again[0])):
                    sys.exit(f"{case}, {rows:,} rows: {threads} threads give another answer than one")
            times = {system.name: [] for system in systems}
            for _ in range(runs if rows > 1_000_000 else 3 * runs):
                for system in systems:
                    times[system.name].append(system.time())
            for system in systems:
                system.close()
            found[rows] = {name: statistics.median(values) for name, values in times.items()}
            shutil.rmtree(folder)
        yield case, found
