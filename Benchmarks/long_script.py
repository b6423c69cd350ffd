#!/usr/bin/env python3
"""Writes a long script as an economist's folder of reports would grow: sets of places, indicators and verbs of one's own,
and queries over clusters, industries, places and years, with a comment here and there.

    Benchmarks/long_script.py [lines] [--dense] > long.cq

`--dense` puts each statement on a line of its own, without comments: as much to check as that many lines can hold. The
same arguments always give the same text. It checks without a message.
"""

import random
import sys

STATES = """Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois
Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska
Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Washington Wisconsin Wyoming""".split()
STATES += ["New Hampshire", "New Jersey", "New Mexico", "North Carolina", "North Dakota", "Rhode Island"]
CLUSTERS = ["Aerospace", "Automotive", "Biopharmaceuticals", "Medical Devices", "Coal Mining", "Plastics", "Apparel"]
CLUSTERS += ["Financial Services", "Hospitality and Tourism", "Upstream Metal Manufacturing", "Furniture", "Footwear"]
CLUSTERS += ["Information Technology and Analytical Instruments", "Oil and Gas Production and Transportation"]
INDUSTRIES = ["naics4:3364", "naics4:3361", "naics3:336", "naics2:\"31-33\"", "naics4:5415", "naics6:336411"]
MEASURES = ["employment", "establishments", "payroll"]


class Script:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.places = []
        self.indicators = []
        self.verbs = []

    def pick(self, values):
        return self.random.choice(values)

    def add(self, text):
        self.lines += text.split("\n")

    def state(self):
        return f'"{self.pick(STATES)}"'

    def cluster(self):
        return f'"{self.pick(CLUSTERS)}"'

    def area(self):
        return f"in:{self.state()}"

    def rows(self):
        """Slots that say which rows a table has."""
        choice = self.random.randrange(5)
        if choice == 0:
            return f"by:cluster, {self.area()}"
        if choice == 1:
            return f"by:state, cluster:{self.cluster()}"
        if choice == 2 and self.places:
            return f"by:state, state:{self.pick(self.places)}, cluster:{self.cluster()}"
        if choice == 3:
            return f"by:state, {self.pick(INDUSTRIES)}"
        return f"by:cluster, cluster:traded, {self.area()}"

    def define(self):
        number = len(self.lines)
        kind = self.random.randrange(4)
        if kind == 0:
            name = f"places_{number}"
            names = self.random.sample(STATES, self.random.randint(3, 6))
            self.add(f"let {name} = [" + ", ".join(f'"{place}"' for place in names) + "]")
            self.places.append(name)
        elif kind == 1:
            name = f"per_{number}"
            self.add(f"## {self.pick(MEASURES).capitalize()} per {number} in the base area.")
            self.add(f"def {name}(of = {self.pick(MEASURES)}) = of / of(region:base) * {number}")
            self.indicators.append(name)
        elif kind == 2:
            name = f"index_{number}"
            self.add(f"def {name}(of = employment): percent =")
            self.add(f"  share(of) / share(of, region:base) - {self.random.random():.2f}")
            self.indicators.append(name)
        else:
            name = f"strongest_{number}"
            self.add(f"## Keep the specialised rows, strongest first.\ndef {name}(n = 10, at = 1.2) =")
            self.add("  | where lq >= at\n  | sort lq desc\n  | first n")
            self.verbs.append(name)

    def query(self):
        kind = self.random.randrange(8)
        size = self.random.randint(1, 90) * 100
        if kind == 0:
            self.add(f"lq({self.rows()}) | top {self.random.randint(3, 20)}")
        elif kind == 1:
            self.add(f"table(employment, lq, share, {self.rows()})\n  | where employment >= {size}\n  | sort lq desc")
            self.add(f"  | first {self.random.randint(3, 20)}")
        elif kind == 2:
            self.add(f"table(\n  avg_wage,\n  premium = avg_wage / avg_wage(activity:all) - 1,\n  {self.rows()},\n)")
            self.add(f"  | where premium > {self.random.randint(1, 9)}0%\n  | sort premium desc")
        elif kind == 3:
            first = self.random.randint(2003, 2008)
            self.add(f"growth(by:cluster, {self.area()}, year:2008..2011)")
            self.add(f"  | where growth > {self.random.randint(1, 9)}%\n  | sort growth desc")
            self.add(f"employment(cluster:{self.cluster()}, by:[state, year], year:{first}..2011)\n  | pivot year")
        elif kind == 4 and self.indicators:
            self.add(f"{self.pick(self.indicators)}({self.rows()})\n  | note \"Own indicator, {size}\"\n  | top 10")
        elif kind == 5 and self.verbs:
            self.add(f"table(lq, employment, {self.rows()})\n  | {self.pick(self.verbs)} {self.random.randint(2, 9)}")
        elif kind == 6:
            self.add(f"let result_{len(self.lines)} = table(employment, share, lq, {self.rows()})")
            self.add("  | derive jobs_k = employment / 1_000, big = if lq > 1.5 then \"big\" else \"small\"")
            self.add("  | rank lq\n  | where rank <= 25 and (share > 1% or employment is withheld)")
        else:
            self.add(f"shift_share(by:cluster, {self.area()}, year:2008..2011)\n  | derive rest = actual - national")
            self.add("  | sort local desc\n  | select cluster, local, mix, rest")

    def write(self, length):
        self.add("# Generated by Benchmarks/long_script.py\n")
        while len(self.lines) < length:
            if self.random.random() < 0.08:
                self.add(f"# {self.pick(CLUSTERS)}: line {len(self.lines)}")
            if self.random.random() < 0.25:
                self.define()
            else:
                self.query()
            if self.random.random() < 0.3:
                self.add("")
        # The last statement may end behind the last line.
        while len(self.lines) > length and self.lines[length - 1].startswith(("  ", ")")):
            length += 1
        return "\n".join(self.lines[:length]) + "\n"


def text(length=2_000):
    return Script(20_03).write(length)


def dense_text(length=2_000):
    """One statement a line."""
    statements = []
    for line in text(5 * length).split("\n"):
        if line.startswith(("  ", ")")):
            statements[-1] += " " + line.strip()
        elif line and not line.startswith("#"):
            statements.append(line)
    return "\n".join(statements[:length]) + "\n"


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    print((dense_text if "--dense" in sys.argv else text)(*numbers), end="")
