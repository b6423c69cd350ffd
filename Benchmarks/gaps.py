"""Facts that have rows in few of their cells: county × industry × year, two in a hundred of them.

All systems hold the same rows; their answers are held against numpy's.
"""

import statistics
import sys

from systems import Cq, DuckDB, Polars, duckdb, numpy, polars

LARGEST = 100


class Cells:
    """The cells that rows have, with their sums, and the totals around them, by numpy."""

    def __init__(self, facts):
        columns = facts.columns
        self.shape = (facts.last - facts.first + 1, len(facts.regions), len(facts.activities))
        keys = (columns["year"].astype(numpy.int64) - facts.first) * self.shape[1] + columns["region"]
        keys = keys * self.shape[2] + columns["activity"]
        self.keys, places = numpy.unique(keys, return_inverse=True)
        self.jobs = numpy.bincount(places, columns["employment"]).astype(float)
        self.year, rest = numpy.divmod(self.keys, self.shape[1] * self.shape[2])
        self.region, self.activity = numpy.divmod(rest, self.shape[2])
        self.first = facts.first

    def sums(self, *axes):
        """The sums of all cells that agree along some axes, for each cell."""
        key = numpy.zeros(len(self.keys), numpy.int64)
        for axis in axes:
            key = key * 4_000 + getattr(self, axis)
        return numpy.bincount(key, self.jobs)[key] if axes else self.jobs.sum()

    def lq(self):
        with numpy.errstate(invalid="ignore", divide="ignore"):
            own = self.jobs / self.sums("year", "region")
            return own / (self.sums("year", "activity") / self.sums("year"))

    def key(self, answer):
        """The number of each row's cell, with 0 for what the answer does not tell apart."""
        key = numpy.zeros(len(next(iter(answer.values()))), numpy.int64)
        for name, size in zip(["year", "region", "activity"], self.shape):
            part = answer.get(name, 0)
            key = key * size + (numpy.asarray(part, dtype=numpy.int64) - (self.first if name == "year" and name in answer else 0))
        return key

    def expected(self, question):
        """The numbers of a question by their key."""
        if question["name"] == "LQ of all":
            return self.keys, {"lq": self.lq()}
        if question["name"].startswith("LQ"):
            values = self.lq()
            order = numpy.sort(numpy.argsort(-numpy.nan_to_num(values), kind="stable")[:LARGEST])
            return self.keys[order], {"lq": values[order]}
        if question["name"].startswith("HHI"):
            total = self.sums("year", "region")
            groups, places = numpy.unique(self.year * self.shape[1] + self.region, return_inverse=True)
            with numpy.errstate(invalid="ignore"):
                return groups * self.shape[2], {"hhi": numpy.bincount(places, (self.jobs / total) ** 2)}
        before, after = [numpy.zeros(self.shape[1:]) for _ in range(2)]
        for year, cells in ((0, before), (self.shape[0] - 1, after)):
            chosen = self.year == year
            cells[self.region[chosen], self.activity[chosen]] = self.jobs[chosen]
        own = after.sum(0) / before.sum(0) - 1
        whole = after.sum() / before.sum() - 1
        parts = {"national": before * whole, "mix": before * (own - whole), "local": after - before * (1 + own), "actual": after - before}
        return numpy.arange(self.shape[1]) * self.shape[2], {name: part.sum(1) for name, part in parts.items()}


def asked(questions, facts):
    """The questions of the other sections that are asked here, and one for the rows that are wanted most."""
    all_years, _, _, shift_share, hhi = questions("county", facts.first, facts.last)
    lq = dict(all_years, name="LQ of all")
    largest = dict(
        lq, name=f"LQ of all, the {LARGEST} largest", cq=lq["cq"] + f" | top {LARGEST}",
        sql=lq["sql"] + f" where r.t > 0 order by lq desc limit {LARGEST}",
        polars=lambda frame: lq["polars"](frame).filter(polars.col("lq").is_not_nan()).top_k(LARGEST, by="lq"))
    return [lq, largest, dict(hhi, name="HHI of every county and year"), dict(shift_share, name="shift-share, first to last year")]


def check(question, cells, system):
    answer = system.result(question)
    keys = cells.key(answer)
    order = numpy.argsort(keys, kind="stable")
    wanted_keys, wanted = cells.expected(question)
    values = [numpy.asarray(answer[name], dtype=float)[order] for name in question["values"]]
    # What is divided by nothing, and a county that the data do not have in one of the years, is no row in some systems.
    here = numpy.isin(wanted_keys, keys[order])
    lacking = numpy.count_nonzero(~here & ~numpy.isnan(wanted[question["values"][0]]))
    if lacking and not question["name"].startswith("shift"):
        sys.exit(f"{question['name']}: {system.name} lacks {lacking} rows")
    kept = numpy.isin(keys[order], wanted_keys)
    for name, found in zip(question["values"], values):
        if not numpy.allclose(numpy.nan_to_num(found[kept]), numpy.nan_to_num(wanted[name][here]), rtol=1e-9, atol=1e-6):
            sys.exit(f"{question['name']}: {system.name} differs from numpy in {name}")


def same_bits(question, cq):
    first = cq.result(question, threads=1)
    for threads in (2, 7):
        found = cq.result(question, threads=threads)
        if any(found[name].tobytes() != first[name].tobytes() for name in first):
            sys.exit(f"{question['name']}: {threads} threads give other bits than one")


def measured(program, facts, questions, runs, wanted):
    """For each question that begins with one of `wanted` its name and the median milliseconds of every system; all take turns."""
    cells = Cells(facts)
    cq = Cq(program, facts)
    systems = [cq] + [system(facts) for system, module in [(DuckDB, duckdb), (Polars, polars)] if module]
    for question in asked(questions, facts):
        if not question["name"].startswith(tuple(wanted)):
            continue
        for system in systems:
            check(question, cells, system)
        same_bits(question, cq)
        times = {system.name: [] for system in systems}
        for _ in range(runs):
            for system in systems:
                times[system.name].append(system.time(question))
        yield question["name"], {name: statistics.median(values) for name, values in times.items()}, cq.cancel(question)
    for system in systems:
        system.close()
