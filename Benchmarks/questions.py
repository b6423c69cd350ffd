"""What is asked of every system, with the answer as numpy computes it from the cells (year × region × activity)."""

from systems import numpy, polars

GROUPED = "with c as (select {keys}, sum(employment)::double e from facts {where} group by all)"


def lq(cells):
    """Along the last two axes: regions and activities."""
    own = cells / cells.sum(-1, keepdims=True)
    base = cells.sum(-2, keepdims=True)
    return own / (base / base.sum(-1, keepdims=True))


def polars_lq(facts, *years):
    column, total = polars.col, polars.col("employment").sum().cast(polars.Float64)
    cells = facts.group_by(*years, "region", "activity").agg(total.alias("e"))
    part = column("e") / column("e").sum().over(*years, "region")
    base = column("e").sum().over(*years, "activity") / (
        column("e").sum().over(*years) if years else column("e").sum())
    return cells.with_columns((part / base).alias("lq")).drop("e")


def questions(level, first, last):
    """For facts by `level` from the year `first` to `last`."""
    span = f"year:{first}..{last}"
    return [
        {
            "name": "LQ of all years", "shape": ["year", "region", "activity"], "values": ["lq"], "share": 1,
            "cq": f"lq(by:[{level}, naics6, year], {span})",
            "sql": GROUPED.format(keys="year, region, activity", where="")
            + """, r as (select year, region, sum(e) t from c group by all), a as (select year, activity, sum(e) t from c
              group by all), b as (select year, sum(e) t from c group by all)
              select year, region, activity, (c.e / r.t) / (a.t / b.t) lq
              from c join r using (year, region) join a using (year, activity) join b using (year)""",
            "polars": lambda facts: polars_lq(facts, "year"), "expected": lambda cells: {"lq": lq(cells)},
        },
        {
            "name": "LQ of one industry, all years", "shape": ["year", "region"], "values": ["lq"], "share": 1,
            "cq": f'lq(naics6:"336411", by:[{level}, year], {span})',
            "sql": """with c as (select year, region, sum(employment)::double t,
              sum(case when activity = {industry} then employment else 0 end)::double e from facts group by all),
              b as (select year, sum(e) e, sum(t) t from c group by year)
              select year, region, (c.e / c.t) / (b.e / b.t) lq from c join b using (year)""",
            "polars": lambda facts: facts.group_by("year", "region").agg(
                polars.col("employment").sum().cast(polars.Float64).alias("t"),
                polars.col("employment").filter(polars.col("activity") == questions.industry).sum()
                .cast(polars.Float64).alias("e")).with_columns(
                ((polars.col("e") / polars.col("t"))
                 / (polars.col("e").sum().over("year") / polars.col("t").sum().over("year"))).alias("lq")),
            "expected": lambda cells: {"lq": lq(cells)[:, :, questions.industry]},
        },
        {
            "name": "LQ of one year", "shape": ["region", "activity"], "values": ["lq"], "share": 1 / (last - first + 1),
            "cq": f"lq(by:[{level}, naics6], year:{last})",
            "sql": GROUPED.format(keys="region, activity", where=f"where year = {last}")
            + """, r as (select region, sum(e) t from c group by all), a as (select activity, sum(e) t from c group by all),
              b as (select sum(e) t from c)
              select region, activity, (c.e / r.t) / (a.t / b.t) lq
              from c join r using (region) join a using (activity), b""",
            "polars": lambda facts: polars_lq(facts.filter(polars.col("year") == last)),
            "expected": lambda cells: {"lq": lq(cells[-1])},
        },
        {
            "name": "shift-share, first to last year", "shape": ["region"],
            "values": ["national", "mix", "local", "actual"], "share": 2 / (last - first + 1) if last > first else 1,
            "cq": f"shift_share(by:{level}, over:naics6, {span})",
            "sql": f"""with c as (select region, activity, sum(case when year = {first} then employment else 0 end)::double x,
              sum(case when year = {last} then employment else 0 end)::double y
              from facts where year in ({first}, {last}) group by all),
              a as (select activity, sum(y) / sum(x) - 1 own from c group by activity),
              b as (select sum(y) / sum(x) - 1 whole from c)
              select region, sum(x * whole) national, sum(x * (own - whole)) mix, sum(y - x * (1 + own)) "local",
              sum(y - x) actual from c join a using (activity), b group by region""",
            "polars": lambda facts: polars_shift_share(facts, first, last), "expected": shift_share,
        },
        {
            "name": "HHI of every year", "shape": ["year", "region"], "values": ["hhi"], "share": 1,
            "cq": f"hhi(by:[{level}, year], over:naics6, {span})",
            "sql": GROUPED.format(keys="year, region, activity", where="")
            + """, r as (select year, region, sum(e) t from c group by all)
              select year, region, sum((e / t) * (e / t)) hhi from c join r using (year, region) group by all""",
            "polars": lambda facts: facts.group_by("year", "region", "activity").agg(
                polars.col("employment").sum().cast(polars.Float64).alias("e")).group_by("year", "region").agg(
                ((polars.col("e") / polars.col("e").sum()) ** 2).sum().alias("hhi")),
            "expected": lambda cells: {"hhi": ((cells / cells.sum(-1, keepdims=True)) ** 2).sum(-1)},
        },
    ]


questions.industry = 0


def groupings(level, first, last):
    """Plain sums, from few groups to as many as there are cells: what grows with the number of groups."""
    def sums(name, *keys):
        words = {"region": level, "activity": "naics6"}
        columns = ["year", *keys]
        summed = tuple(axis for axis, key in enumerate(["year", "region", "activity"]) if key not in columns)
        return {
            "name": name, "shape": columns, "values": ["employment"], "share": 1,
            "cq": f"employment(by:[{', '.join(words.get(key, key) for key in columns)}], year:{first}..{last})",
            "sql": f"select {', '.join(columns)}, sum(employment)::double employment from facts group by all",
            "polars": lambda facts: facts.group_by(columns).agg(
                polars.col("employment").cast(polars.Int64).sum().cast(polars.Float64)),
            "expected": lambda cells: {"employment": cells.sum(summed)},
        }

    return [
        sums("by year"), sums(f"by {level} and year", "region"), sums("by industry and year", "activity"),
        sums(f"by {level}, industry and year", "region", "activity"),
    ]


def shift_share(cells):
    start, end = cells[0], cells[-1]
    own = end.sum(0) / start.sum(0) - 1
    whole = end.sum() / start.sum() - 1
    return {"national": (start * whole).sum(1), "mix": (start * (own - whole)).sum(1),
            "local": (end - start * (1 + own)).sum(1), "actual": (end - start).sum(1)}


def polars_shift_share(facts, first, last):
    column = polars.col
    of = lambda year: column("employment").filter(column("year") == year).sum().cast(polars.Float64)
    cells = facts.filter(column("year").is_in([first, last])).group_by("region", "activity").agg(
        of(first).alias("x"), of(last).alias("y")).with_columns(
        (column("y").sum().over("activity") / column("x").sum().over("activity") - 1).alias("own"),
        (column("y").sum() / column("x").sum() - 1).alias("whole"))
    return cells.group_by("region").agg(
        (column("x") * column("whole")).sum().alias("national"),
        (column("x") * (column("own") - column("whole"))).sum().alias("mix"),
        (column("y") - column("x") * (1 + column("own"))).sum().alias("local"),
        (column("y") - column("x")).sum().alias("actual"))
