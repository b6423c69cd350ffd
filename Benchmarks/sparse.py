"""Groups that are far fewer than they could be: a plain table of four columns of keys, whose 100 largest groups are asked for.

All systems hold the same rows in the same order; their answers are held against numpy's.
"""

import statistics
import sys
from pathlib import Path

from systems import THREADS, Cq, duckdb, numpy, polars, timed

LARGEST = 100
CATALOGUE = Path(__file__).resolve().parents[1] / "Sources" / "CBundledData" / "data"


class Table:
    """A folder that `facts --sparse true` has made."""

    def __init__(self, folder):
        self.folder = folder
        column = lambda name, kind: numpy.fromfile(f"{folder}/{name}", kind)
        self.columns = {
            "county": column("county.u16", "<u2"), "industry": column("industry.u16", "<u2"),
            "year": column("years.i16", "<i2"), "size": column("size.u8", "u1"), "employment": column("jobs.i32", "<i4")}
        self.regions = open(f"{folder}/regions.txt").read().split("\n")
        self.activities = open(f"{folder}/activities.txt").read().split("\n")
        self.rows = len(self.columns["county"])
        self.possible = len(self.regions) * len(self.activities) * len(numpy.unique(self.columns["year"])) * (
            int(self.columns["size"].max()) + 1)

    def key(self, county, industry, year, size):
        wide = lambda array: numpy.asarray(array).astype(numpy.int64)
        return ((wide(county) * 65_536 + wide(industry)) * 65_536 + wide(year)) * 256 + wide(size)

    def largest(self):
        """The largest groups, and how many there are."""
        keys = self.key(*(self.columns[name] for name in ("county", "industry", "year", "size")))
        groups, places = numpy.unique(keys, return_inverse=True)
        sums = numpy.bincount(places, self.columns["employment"])
        order = numpy.argsort(-sums, kind="stable")[:LARGEST]
        return dict(zip(groups[order].tolist(), sums[order].tolist())), len(groups)


class CqTable:
    name = "cq"

    def __init__(self, program, table):
        self.table = table
        self.query = {"cq": f'open("{table.folder}/sparse.arrow") | summarize jobs = sum(employment), '
                            f'by:[county, industry, year, size] | top {LARGEST}, by:jobs'}
        self.cq = Cq(program, table, catalogue=CATALOGUE)

    def time(self, threads=THREADS):
        return self.cq.time(self.query, threads=threads)

    def answer(self, threads=THREADS):
        found = self.cq.result(self.query, threads=threads)
        place = lambda names: {name: position for position, name in enumerate(names)}
        counties, industries = place(self.table.regions), place(self.table.activities)
        return self.table.key(
            [counties[code] for code in found["county"]], [industries[code] for code in found["industry"]],
            found["year"], [int(name.removeprefix("class ")) - 1 for name in found["size"]]), found["jobs"]

    def close(self):
        self.cq.close()


class DuckDBTable:
    name = "DuckDB"
    query = f"""select county, industry, year, size, sum(employment)::double jobs from facts group by all
                order by jobs desc limit {LARGEST}"""

    def __init__(self, table):
        self.table = table
        self.connection = duckdb.connect()
        self.connection.execute(f"set threads = {THREADS}; set enable_progress_bar = false")
        columns = table.columns
        self.connection.execute("create table facts as select * from columns")

    def time(self):
        return timed(lambda: self.connection.execute(self.query).fetchnumpy())[0]

    def answer(self):
        found = self.connection.execute(self.query).fetchnumpy()
        return self.table.key(*(found[name] for name in ("county", "industry", "year", "size"))), found["jobs"]

    def close(self):
        self.connection.close()


class PolarsTable:
    name = "Polars"

    def __init__(self, table):
        self.table = table
        self.frame = polars.DataFrame(table.columns)

    def run(self):
        total = polars.col("employment").sum().cast(polars.Float64).alias("jobs")
        return self.frame.lazy().group_by("county", "industry", "year", "size").agg(total).top_k(LARGEST, by="jobs").collect()

    def time(self):
        return timed(self.run)[0]

    def answer(self):
        found = self.run()
        return self.table.key(*(found[name].to_numpy() for name in ("county", "industry", "year", "size"))), found[
            "jobs"].to_numpy()

    def close(self):
        self.frame = None


def measured(program, folder, runs):
    """Rows, possible groups, groups, and for each system its milliseconds; all take turns."""
    table = Table(folder)
    largest, group_count = table.largest()
    systems = [CqTable(program, table)] + [
        system(table) for system, module in [(DuckDBTable, duckdb), (PolarsTable, polars)] if module]
    least = min(largest.values())
    for system in systems:
        keys, jobs = system.answer()
        for key, value in zip(keys.tolist(), jobs.tolist()):
            # Of groups that tie with the last, any may be among the largest.
            if largest.get(key, least) != value:
                sys.exit(f"sparse groups: {system.name} gives {value} where numpy gives {largest.get(key)}")
        if len(keys) < min(LARGEST, group_count):
            sys.exit(f"sparse groups: {system.name} gives {len(keys)} groups")
    first = systems[0].answer(1)
    for threads in (2, 7):
        found = systems[0].answer(threads)
        if any(mine.tobytes() != theirs.tobytes() for mine, theirs in zip(first, found)):
            sys.exit(f"sparse groups: {threads} threads give other bits than one")
    times = {system.name: [] for system in systems}
    for _ in range(runs):
        for system in systems:
            times[system.name].append(system.time())
    for system in systems:
        system.close()
    return table.rows, table.possible, group_count, {
        name: (statistics.median(values), min(values)) for name, values in times.items()}
