/// Valid programs that use every form of the language.
enum Corpus {
  static let programs = [
    "lq(cluster:\"Aerospace\", by:state) | top 5",
    "lq(by:cluster, in:\"Ohio\") | where lq >= 1.2 | sort lq desc | chart bar  # a chart",
    "table(employment, us_share = employment / employment(region:base), by:state, cluster:\"Automotive\")\n"
      + "  | sort us_share desc\n  | derive running = cumsum(us_share)\n  | where running <= 80%\n",
    "let midwest = [\"Ohio\", 'Michigan', “Indiana”,]\nlq(by:state, state:midwest)\n",
    "def share(of = employment, among = all): percent = of / of(activity:among)\n\n"
      + "def lq(of = employment) = share(of) / share(of, region:base)",
    "## Keep the specialised rows.\n##\n## example: lq(by:cluster) | strongest 5\n"
      + "def strongest(n = 10, at = 1.2,) =\n  | where lq >= at\n  | top n, by:lq\n",
    "#!/usr/bin/env cq\nedition 1\nuse \"lib/midwest.cq\" (peers, others,)\nuse stdlib.growth as g\n"
      + "let place = $region ?? \"Ohio\"\n",
    "employment(year:2010..2020, by:[state, year]) | pivot year; employment(year:..2015); employment(year:2010..)",
    "x | derive role = if lq >= 1.2 and growth > 0% then \"star\" else if not (a or b) then \"mature\" else missing",
    "x | where employment is withheld or lq is not known and state not in [\"Ohio\"] | save \"out/{place}-{1 + 2}.csv\"",
    "x | derive low = bounds(employment).low, b = core.name(1, 2), c = -2 ^ 2 * (3 - 4) / 5 ^ -6",
    "x | where a && b || !c and d <> 3 and e ≤ 3 − 2 × 4 ÷ 5 and f ≥ 1 and g ≠ 2010–2020 and h = 1",
    "round(12_500 + 10k + 2.5M + 1e6 + 45k USD, 1) | first 3",
    "lq(county:06037, quarter:2021Q3, month:2021M05, base:_, mine:`my column`)",
    "| top 3",
    "\u{FEFF}lq(by:state)\u{A0}|\u{A0}top 5\r\n\r\n# the end\r\n",
    "let r = if a\n  then b\n  else c\nlq\n  # between\n  | where x\n    and y\n",
    "note(\"a {{brace}} \\\"quoted\\\" \\\\ \\n \\t \\u{e9}\") | note \"{lq(by:state) + \"inner {x}\"}\"",
    "(lq(by:state) | top 5) | where [1, [2, 3], []] == all or true != false",
    "",
    "\n\n  # only a comment",
  ]
}
