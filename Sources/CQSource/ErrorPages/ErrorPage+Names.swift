extension ErrorPage {
  /// Names, and how what they stand for is called.
  static let names: [ErrorPage] = [
    ErrorPage(
      "E0201", "A name that nothing has",
      """
      No measure, indicator or name given with `let` or `def` is called this at this place. Names that come close are
      suggested but never taken, because a wrong measure looks just like a right one in a table. `?` lists what there
      is; names must be given above the line that uses them.
      """,
      wrong: "emplyment(by:state)", right: "employment(by:state)"),
    ErrorPage(
      "E0202", "A blank that the measure does not have",
      """
      Every measure has the same blanks for places, activities and years, and some have one or two of their own. A blank
      that does not exist can't be ignored: the table would answer another question than yours. The message lists the
      blanks there are.
      """,
      wrong: "lq(by:state, clustr:\"Aerospace\")", right: "lq(by:state, cluster:\"Aerospace\")"),
    ErrorPage(
      "E0203", "A verb that there is not",
      """
      After `|` stands one of the verbs of cq, or one that you have defined. Verbs of other languages are known by their
      meaning: `filter` is `where` here, `arrange` is `sort`, `head` is `first` or `top`. `?verbs` lists all of them.
      """,
      wrong: "lq(by:state) | arrange lq", right: "lq(by:state) | sort lq"),
    ErrorPage(
      "E0204", "A part of the language that this version does not have yet",
      """
      The text is right, and a later version of cq will run it; this one can't. The message says what to use instead where
      there is something. The list of what works is in `Docs/language.md`.
      """,
      wrong: "employment(by:state) | save \"jobs.parquet\"",
      right: "employment(by:state) | sort employment desc"),
    ErrorPage(
      "E0205", "A level used as a value",
      """
      `cluster`, `state` or `year` is a level of the classification, not a number or a text. Spread the measure over it with
      `by:`, or pick one of its members. As a column it can be used when the table has it.
      """,
      wrong: "lq(by:state) | derive x = cluster", right: "lq(by:[state, cluster]) | derive x = cluster"),
    ErrorPage(
      "E0206", "Something that is no single value",
      """
      A single value is needed here, and this is a table, a list or something else with many values. Which of them was
      meant can't be guessed. To try several values, compare with `in`.
      """,
      wrong: "employment(by:state) | where employment > [1, 2]",
      right: "employment(by:state) | where state in [\"Ohio\", \"Michigan\"]"),
    ErrorPage(
      "E0207", "A blank of the table inside a measure",
      """
      `by:`, `data:` and `suppressed:` decide the rows and the source of the whole table, so a single measure of it can't
      have its own. Put the blank into the brackets of the table. Places, activities and years may differ from measure to
      measure. For the same reason a table is not compared with a number: `where` compares its rows.
      """,
      wrong: "table(employment, lq(by:state), in:\"US\")", right: "table(employment, lq, by:state, in:\"US\")"),
    ErrorPage(
      "E0208", "A blank that must be filled",
      """
      This indicator can't be calculated without a value for the blank, and there is none that would suit most questions.
      `?` with the name of the indicator explains its blanks.
      """,
      wrong: "overlap(by:state)", right: "overlap(with:\"Ohio\", by:state)"),
    ErrorPage(
      "E0209", "Several columns where one value is needed",
      """
      This indicator gives several columns, such as the parts of a shift-share analysis; a calculation needs one number.
      Use the indicator as the table and calculate with its columns.
      """,
      wrong: "employment(by:state) | derive x = shift_share(year:2008..2011)",
      right: "shift_share(by:state, year:2008..2011) | derive x = local / actual"),
    ErrorPage(
      "E0210", "A second value without a name",
      """
      Only the first value of a measure may stand without a name; for all others the blank must be said, since their order
      is easily mixed up. To get several measures side by side, use `table(…)`.
      """,
      wrong: "lq(employment, payroll, by:state)", right: "table(lq(employment), pay = lq(payroll), by:state)"),
    ErrorPage(
      "E0211", "A verb used as a measure",
      """
      A definition whose body starts with `|` is a verb: it works on a table and gives no number. Write it after a `|`.
      """,
      wrong: "def strongest(n = 3) = | top n, by:lq\nstrongest(by:state)",
      right: "def strongest(n = 3) = | top n, by:lq\nlq(by:state) | strongest 5"),
    ErrorPage(
      "E0212", "A definition that uses itself",
      """
      A definition sees only what stands above it, so it can't use itself. This is on purpose: every query ends, and its
      cost is known before it runs. Say the whole calculation in its body.
      """,
      wrong: "def doubled(of = employment) = doubled(of) + of",
      right: "def doubled(of = employment) = of + of\ndoubled(by:state)"),
    ErrorPage(
      "E0213", "Definitions that call each other too deeply",
      """
      Definitions may call each other 64 deep. Definitions written by hand stay far below; what doubles at each step does
      not. Say the calculation more directly.
      """,
      wrong: """
        def half(of = employment) = of / 2
        def part(of = employment) = half(half(half(half(half(half(half(half(of))))))))
        part(part(part(part(part(part(part(part(employment))))))), by:state)
        """,
      right: "def part(of = employment) = of / 2 ^ 8\npart(part(employment), by:state)"),
    ErrorPage(
      "E0214", "A sum that does not say what it goes over",
      """
      Inside a measure there are no rows yet, so `sum`, `mean` and the like must be told the level whose members they go
      over, with `over:`. Over the rows of a table they work after a verb such as `derive`.
      """,
      wrong: "def largest(of = employment) = max(of)",
      right: "def largest(of = employment) = max(of, over:cluster)\nlargest(by:state)"),
    ErrorPage(
      "E0215", "A level that can't be gone over",
      """
      Inside a measure sums go over a level of activities, such as clusters or industries, or over a level of places that is
      finer than the rows: the counties of each state. Places as large as the rows are not parts of them.
      """,
      wrong: "hhi(by:state, over:state)", right: "hhi(by:state, over:cluster)"),
    ErrorPage(
      "E0216", "A column without a name in `columns(…)`",
      """
      The columns of an indicator are known by their names, in verbs and in exported files. Write `name = expression` for
      each of them.
      """,
      wrong: "def parts(of = employment) = columns(of, of / of(activity:all))",
      right: """
        def parts(of = employment) = columns(jobs = of, part = of / of(activity:all))
        parts(by:cluster, in:"Ohio")
        """),
    ErrorPage(
      "E0217", "The last result, before there is one",
      """
      `_`, and a line that starts with `|`, go on from the last result of the session. There is none yet: run a query first.
      A query that failed leaves the last result as it was.
      """,
      wrong: "_ | top 3", right: "lq(by:state)\n_ | top 3"),
    ErrorPage(
      "E0218", "Too few or too many values for a function",
      """
      This function takes another number of values than it was given. The logarithm `ln`, for instance, takes one; for
      another base divide two of them.
      """,
      wrong: "employment(by:state) | derive digits = ln(employment, 10)",
      right: "employment(by:state) | derive digits = ln(employment) / ln(10)"),
    ErrorPage(
      "E0219", "A measure in a table without places",
      """
      Lists of the catalogue, such as `states` or `datasets`, name things and have no numbers, so a measure has no value in
      their rows. Start with the measure: its rows are the places.
      """,
      wrong: "states | derive jobs = employment", right: "employment(by:state)"),
    ErrorPage(
      "E0221", "A blank that is filled twice",
      """
      Each blank can be filled once, and two blanks that both pick the places (or the activities) would contradict each
      other. Taking one of them would drop half of your question. Keep one; several members go into a list.
      """,
      wrong: "employment(by:cluster, in:\"Ohio\", in:\"Michigan\")",
      right: "employment(by:cluster, in:[\"Ohio\", \"Michigan\"])"),
    ErrorPage(
      "W0220", "A name that had a meaning already",
      """
      The definition has the name of a verb that cq has itself, or a file is asked for a name that has a meaning already; what
      follows means the new one. That is allowed, so that scripts go on working when cq learns new verbs; but readers will
      think of the other one. Choose another name, or use the file `as` a name of its own.
      """,
      wrong: "def top(n = 3) = | sort lq desc | first n\nlq(by:state) | top 5",
      right: "def strongest(n = 3) = | sort lq desc | first n\nlq(by:state) | strongest 5"),
  ]

  /// Kinds, units and years.
  static let kinds: [ErrorPage] = [
    ErrorPage(
      "E0222", "A file used without names",
      """
      `use` takes only the names that it lists. So a reader sees where each name comes from, and a file that grows can't
      change what a script means.
      """,
      wrong: "use \"examples/lib/regions.cq\"",
      right: "use \"examples/lib/regions.cq\" (per_thousand)\nper_thousand(by:state)"),
    ErrorPage(
      "E0223", "A name that the file does not define",
      """
      The file named by `use` has no `let` and no `def` of this name. The message lists what it defines.
      """,
      wrong: "use \"examples/lib/regions.cq\" (per_milion)",
      right: "use \"examples/lib/regions.cq\" (per_thousand)\nper_thousand(by:state)"),
    ErrorPage(
      "E0224", "A module that does not exist",
      """
      The indicators of the standard library are always there and need no `use`. `use lib.midwest` reads the file
      `lib/midwest.cq` beside the file that uses it; any other path goes in quotes.
      """,
      wrong: "use regions (rust_belt)",
      right: "use \"examples/lib/regions.cq\" (rust_belt)\nlq(by:state, state:rust_belt, cluster:\"Automotive\")"),
    ErrorPage(
      "E0230", "A value of another kind than is needed",
      """
      A number, a text, a place or a condition is needed here, and this is one of the others. Texts are never turned into
      numbers, nor members into their codes, because that hides mistakes. The message says what is expected and what was
      found.
      """,
      wrong: "lq(by:state) | where state", right: "lq(by:state) | where state == \"Ohio\""),
    ErrorPage(
      "E0231", "A percent added to a number",
      """
      `employment + 5%` could mean five percent more, or 0.05 persons more. Write `employment * (1 + 5%)` for five percent
      more. Multiplying a number by a percent is always clear and allowed.
      """,
      wrong: "employment(by:state) | derive more = employment + 5%",
      right: "employment(by:state) | derive more = employment * (1 + 5%)"),
    ErrorPage(
      "E0232", "A percent compared with a plain number",
      """
      This value is a percent, and the number it is compared with has no `%`: `share > 5` would ask for more than 500%, which
      no share is. Write `5%` for five percent. It is the most common mistake with shares and growth rates, so it is never
      let through.
      """,
      wrong: "share(by:cluster, in:\"Ohio\") | where share > 5",
      right: "share(by:cluster, in:\"Ohio\") | where share > 5%"),
    ErrorPage(
      "E0233", "Amounts in different currencies",
      """
      Amounts in two currencies, or in the prices of two years, can't be added, subtracted or compared. `convert` turns one
      currency into the other at a rate that you name; no exchange rates come with cq, since the right one depends on the
      question.
      """,
      wrong: "avg_wage(by:state) | where avg_wage > 50k EUR",
      right: "avg_wage(by:state) | where avg_wage > 50k USD"),
    ErrorPage(
      "E0234", "Amounts in different units",
      """
      Persons, dollars and establishments can't be added or subtracted; the result would have no unit. Dividing them is
      fine and gives a ratio, such as pay per job.
      """,
      wrong: "table(employment, payroll, by:state) | derive x = payroll - employment",
      right: "table(employment, payroll, by:state) | derive x = payroll / employment"),
    ErrorPage(
      "E0238", "A comparison with missing or withheld",
      """
      `missing` and `withheld` say why there is no number, so nothing is equal to them and nothing is different from
      them: a row would never be kept. `is` asks for the state of a cell: `is missing`, `is withheld`, `is not known`.
      """,
      wrong: "employment(by:cluster, in:\"Ohio\") | where employment != missing",
      right: "employment(by:cluster, in:\"Ohio\") | where employment is not missing"),
    ErrorPage(
      "E0240", "Something that is no year",
      """
      `year:` takes a year with four digits or a range of years; a year with two digits could be of either century. Quarters
      have a blank of their own: `quarter:2019Q1`.
      """,
      wrong: "employment(by:state, year:20)", right: "employment(by:state, year:2020)"),
    ErrorPage(
      "E0241", "Years joined by a minus",
      """
      `2008-2011` is a subtraction and gives -3. A range of years is written with two points.
      """,
      wrong: "growth(by:state, year:2008-2011)", right: "growth(by:state, year:2008..2011)"),
    ErrorPage(
      "E0242", "A range that ends before it starts",
      """
      The first year of a range must be the earlier one. Turned around, growth would change its sign, so the order is not
      corrected silently.
      """,
      wrong: "growth(by:state, year:2011..2008)", right: "growth(by:state, year:2008..2011)"),
  ]
}
