extension ErrorPage {
  /// How a text must be written.
  static let syntax: [ErrorPage] = [
    ErrorPage(
      "E0101", "A word or sign that can't stand here",
      """
      The text can be read up to this place, and then comes something that does not fit: a stray sign, a word without
      a sign before it, `=` where two things are compared. Guessing the missing piece could ask another question than
      yours. The message says what was expected; a line can hold only one query, so a second one goes on a new line.
      """,
      wrong: #"employment(by:state) | derive jobs = employment & 5"#,
      right: #"employment(by:state) | derive jobs = employment + 5"#),
    ErrorPage(
      "E0102", "A text or name without its closing mark",
      """
      A text starts and ends with a quotation mark, and a name in back-ticks with a back-tick. Without the second mark
      everything up to the end of the line would belong to the text. Write the mark where the text ends; a quotation
      mark inside a text is written `\\"`.
      """,
      wrong: #"employment(by:cluster, in:"Ohio)"#,
      right: #"employment(by:cluster, in:"Ohio")"#),
    ErrorPage(
      "E0103", "A bracket without its partner",
      """
      A bracket is opened and never closed, closed and never opened, or closed by a bracket of another kind. Where the
      missing one belongs decides which blanks belong to which measure, so it is not guessed. Round brackets hold what
      a measure is called with, square ones a list.
      """,
      wrong: #"employment(by:[state, cluster), year:2020)"#,
      right: #"employment(by:[state, cluster], year:2020)"#),
    ErrorPage(
      "E0104", "A blank without its colon or outside of brackets",
      """
      The blanks of a measure (`by`, `in`, `year`, `cluster` …) are filled inside its brackets, each with a colon. Without
      them `by state` would be two names side by side. Put what you want to fix or spread into the brackets.
      """,
      wrong: "lq by state", right: "lq(by:state)"),
    ErrorPage(
      "E0105", "A value or verb is missing",
      """
      Something must stand here and does not: a value beside an operator or a comma, or a verb after `|`. Often a word
      was deleted and the sign beside it was left. Write the value, or remove the sign.
      """,
      wrong: "employment(by:state) | derive more = employment *",
      right: "employment(by:state) | derive more = employment * 2"),
    ErrorPage(
      "E0106", "A comma is missing",
      """
      Values and blanks are separated by commas. Without the comma it is unclear whether two words are one value or
      two. Write the comma before the marked word.
      """,
      wrong: "lq(by:state) | top 5 by:lq", right: "lq(by:state) | top 5, by:lq"),
    ErrorPage(
      "E0107", "Comparisons in a chain",
      """
      `1 < lq < 2` is common on paper, but in many programs it compares the truth of the first comparison with the last
      number. It is refused so that it never means something else than you think. Write both comparisons and join them
      with `and`.
      """,
      wrong: "lq(by:cluster, in:\"Ohio\") | where 1 < lq < 2",
      right: "lq(by:cluster, in:\"Ohio\") | where 1 < lq and lq < 2"),
    ErrorPage(
      "E0108", "A text too deep or too long to read",
      """
      Brackets may stand 200 deep in each other, and a text may have half a million words and signs. No query written
      by hand comes near; a program that writes queries can. Name a part with `let` or `def`, use a list in place of
      many alternatives, or split the text into several files.
      """,
      wrong: Example(String(repeating: "(", count: 201) + "1" + String(repeating: ")", count: 201)),
      right: "def double(of = employment) = of * 2\ndouble(double(employment), by:state)"),
    ErrorPage(
      "E0109", "An edition of the language that this cq does not know",
      """
      The first line of a script may say in which edition of the language it is written. This cq knows edition 1; in a
      later edition the same words may mean something else, so the script is not run. Use a newer cq, or write
      `edition 1` if the script was written for it.
      """,
      wrong: "edition 2\nemployment(by:state)", right: "edition 1\nemployment(by:state)"),
    ErrorPage(
      "E0110", "An unknown escape in a text",
      """
      Inside a text the backslash announces a special sign: `\\"`, `\\\\`, `\\n`, `\\t` or `\\u{…}`. Any other sign after it has
      no meaning yet. For a backslash itself, as in names of files on Windows, write two.
      """,
      wrong: #"employment(by:state) | derive place = "C:\data""#,
      right: #"employment(by:state) | derive place = "C:\\data""#),
    ErrorPage(
      "E0111", "Brackets around the arguments of a verb",
      """
      Verbs, the words after `|`, take what follows them without brackets; measures take brackets. The difference shows
      on the page which word works on the table and which one is a number. Remove the brackets.
      """,
      wrong: "lq(by:state) | top(5, by:lq)", right: "lq(by:state) | top 5, by:lq"),
    ErrorPage(
      "E0112", "A verb without its `|`",
      """
      Each verb is announced by a `|`, which passes the table on to it. Without it the verb would be read as a name.
      Write the `|` before it.
      """,
      wrong: "lq(by:state) top 5", right: "lq(by:state) | top 5"),
    ErrorPage(
      "E0113", "A number that can't be read",
      """
      A number starts with a digit and may have `_` between its digits, a decimal point, and k, M or B for thousands,
      millions and billions (`12_500`, `10k`, `2.5M`); money is followed by a space and its currency (`45k USD`). What
      stands here is none of these, and a guess could be a thousand times too large.
      """,
      wrong: "employment(by:state) | where employment > 500K",
      right: "employment(by:state) | where employment > 500k"),
    ErrorPage(
      "E0114", "A word of the language used as a name",
      """
      A few words (`let`, `def`, `if`, `and`, `in` …) build sentences and can't be names of columns or definitions, because
      later lines could then be read in two ways. Choose another name, or put it in back-ticks.
      """,
      wrong: "employment(by:state) | derive let = employment / 2",
      right: "employment(by:state) | derive half = employment / 2"),
    ErrorPage(
      "E0115", "An `if` without `then` or `else`",
      """
      A condition gives one value when it holds and another when it does not; both must be said. Leaving one out would
      fill the column with something that you did not choose. Write `else missing` for no value.
      """,
      wrong: "lq(by:cluster, in:\"Ohio\") | derive strong = if lq > 1.2 then 1",
      right: "lq(by:cluster, in:\"Ohio\") | derive strong = if lq > 1.2 then 1 else 0"),
    ErrorPage(
      "E0116", "An operator that must stand in brackets",
      """
      Words such as `not` and `if` reach as far to the right as they can. In the middle of a calculation that is easily
      read the other way, so brackets must show what belongs to them.
      """,
      wrong: "lq(by:cluster, in:\"Ohio\") | derive x = 5 + if lq > 1 then 1 else 0",
      right: "lq(by:cluster, in:\"Ohio\") | derive x = 5 + (if lq > 1 then 1 else 0)"),
    ErrorPage(
      "E0117", "A name given without `let`",
      """
      `let name = …` gives a name to a value, a list or a table. Without `let` a mistyped comparison would silently become
      a new name. Write `let`, or `def` for an indicator of your own.
      """,
      wrong: "places = [\"Ohio\", \"Michigan\"]",
      right: "let places = [\"Ohio\", \"Michigan\"]\nemployment(by:state, state:places)"),
    ErrorPage(
      "E0118", "A condition without `where`",
      """
      After `|` stands a verb that says what to do with the table; a condition alone does not say whether its rows are to
      be kept or dropped. Write `where` to keep them.
      """,
      wrong: "lq(by:cluster, in:\"Ohio\") | lq >= 1.2", right: "lq(by:cluster, in:\"Ohio\") | where lq >= 1.2"),
  ]

  /// What people type who know another language.
  static let habits: [ErrorPage] = [
    ErrorPage(
      "E0120", "A query that starts with `select`",
      """
      This looks like SQL. Here a query starts with the measure, which knows its tables; what SQL says in `where` and
      `group by` are blanks of the measure. Columns are chosen at the end, with `| select`.
      """,
      wrong: "select state, lq from jobs", right: "lq(by:state)"),
    ErrorPage(
      "E0121", "Rows chosen by `group by`",
      """
      In SQL the rows of a result are chosen at the end; here the blank `by:` of the measure says what becomes rows. A
      location quotient for states is another calculation than one for counties, so the measure has to know it first.
      """,
      wrong: "lq(year:2020) group by state", right: "lq(by:state, year:2020)"),
    ErrorPage(
      "E0122", "A pipe from another language",
      """
      R and other languages pass values on with `%>%` or `|>`. The sign here is `|`.
      """,
      wrong: "lq(by:state) %>% top 5", right: "lq(by:state) | top 5"),
    ErrorPage(
      "E0123", "A query with `=` before it",
      """
      A formula in a spreadsheet starts with `=`. A query does not; here `=` gives names.
      """,
      wrong: "=lq(by:state)", right: "lq(by:state)"),
    ErrorPage(
      "E0124", "Semicolons between arguments",
      """
      Spreadsheets in some countries separate arguments by semicolons. Here it is the comma, and numbers are written with
      a decimal point, so the two can't be confused.
      """,
      wrong: "table(employment; lq, by:state)", right: "table(employment, lq, by:state)"),
    ErrorPage(
      "E0125", "A number with commas",
      """
      Commas separate values, so `5,000` would be the two values 5 and 0. Write the thousands with `_`, or use `k` and `M`.
      """,
      wrong: "employment(by:state) | where employment > 500,000",
      right: "employment(by:state) | where employment > 500_000"),
    ErrorPage(
      "E0126", "A blank filled with `=`",
      """
      Two signs have two meanings here: `:` fills a blank that the measure has, `=` gives a name to something new. With
      `=` a misspelt blank would silently become a column.
      """,
      wrong: "lq(cluster=\"Aerospace\", by:state)", right: "lq(cluster:\"Aerospace\", by:state)"),
    ErrorPage(
      "E0127", "A comment from another language",
      """
      What stands behind `#` up to the end of the line is a comment. `//` and `--` are not; they would read as divisions and
      differences. Lines that start with `##` document the definition below them.
      """,
      wrong: "// jobs by state\nemployment(by:state)", right: "# jobs by state\nemployment(by:state)"),
    ErrorPage(
      "E0128", "A missing value under another name",
      """
      A number that nobody published is called `missing` here, whatever it is called elsewhere (NA, null, NaN). A number
      that exists but was suppressed by the agency is called `withheld`. The two are told apart because a withheld cell
      may be large.
      """,
      wrong: "lq(by:cluster, in:\"Ohio\") | derive strong = if lq > 1.2 then lq else NA",
      right: "lq(by:cluster, in:\"Ohio\") | derive strong = if lq > 1.2 then lq else missing"),
    ErrorPage(
      "E0129", "A word or form of another language",
      """
      `between`, `like`, `%in%`, `is.na(…)` and `if(…, …, …)` belong to SQL, R and spreadsheets. Here a range is
      `in 1..2` with both ends included, a list is `in ["…", "…"]`, a state is asked for with `is missing`, and a
      choice is written with the words `if`, `then` and `else`.
      """,
      wrong: "lq(by:cluster, in:\"Ohio\") | where lq between 1 and 2",
      right: "lq(by:cluster, in:\"Ohio\") | where lq in 1..2"),
  ]
}
