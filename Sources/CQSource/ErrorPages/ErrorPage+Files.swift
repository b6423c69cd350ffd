extension ErrorPage {
  /// The user's own files.
  static let files: [ErrorPage] = [
    ErrorPage(
      "E0805", "A column that does not hold what it was said to hold",
      """
      `dataset` binds columns of a file to levels and measures, and no value of this column is a member of its level, or not
      every value of a measure is a number. The message shows the first one with its line. Bind another column, mend the
      value, or say that it is a mark of a withheld number: `withheld:["…"]`.
      """,
      wrong: "let mine = dataset(\"examples/data/jobs.csv\", county:naics, employment:jobs)",
      right:
        "let mine = dataset(\"examples/data/jobs.csv\", state:state, employment:jobs)\nemployment(by:state, data:mine)"),
    ErrorPage(
      "E0806", "Two rows of a file for one place, activity and year",
      """
      Facts have one number for each place, activity and period. When a file has two, one may be a slip, or the file has a
      finer detail, such as sex or size of firm, that nothing was bound to. They are not added up without being asked to:
      remove one, or write `duplicates:add`.
      """,
      wrong: "let mine = dataset(\"examples/data/jobs.csv\", state:state, activity:\"all\", employment:jobs)",
      right: """
        let mine = dataset("examples/data/jobs.csv", state:state, activity:"all", employment:jobs, duplicates:add)
        employment(by:state, data:mine)
        """),
    ErrorPage(
      "E0807", "A file in which something of a dataset is missing",
      """
      A dataset needs places, years and at least one measure. Where no column of the file looks like them, name one: a
      column (`state:st`), or a value that holds for all rows (`state:"Ohio"`, `year:2024`). A measure can't have the name of
      an indicator that is computed.
      """,
      wrong: "let mine = dataset(\"examples/data/grants.csv\")",
      right:
        "let mine = dataset(\"examples/data/grants.csv\", year:2024, grants:amount * 1 USD)\ngrants(by:state, data:mine)"
    ),
    ErrorPage(
      "E0808", "An engine that does not answer, or can't be asked that",
      """
      The facts of `dataset("postgresql://host/db?table=jobs", county:fips, year:yr, employment:emp)` stay in the engine, and
      queries fetch sums. The message says what is in the way: nothing answers at the address, the user is turned away, the
      table or a column is not there, a driver is missing, or the question needs the single rows. Passwords have no place in
      an address, which is kept in histories and results: set PGPASSWORD, or use `~/.pgpass`.
      """,
      wrong:
        "let mine = dataset(\"postgresql://ann:secret@db.example/stats?table=jobs\", county:fips, year:yr, employment:emp)\nemployment(by:state, data:mine)",
      right: "let mine = dataset(\"examples/data/jobs.csv\", employment:jobs)\nemployment(by:state, data:mine)"),
    ErrorPage(
      "N0513", "A column of numbers with a text among them",
      """
      Most values of this column are numbers, and some are not, so the column holds texts and can't be computed with. The note
      shows the first of them with its line. Mend it, or say that it is a mark: `withheld:["…"]` or `missing:["…"]`.
      """,
      wrong: "open(\"examples/data/visitors.csv\")", right: "open(\"examples/data/visitors.csv\", missing:[\"closed\"])"
    ),
    ErrorPage(
      "N0514", "A dataset of yours that has only some places",
      """
      The file has no row for the whole country and only some of its places, so a total of the country is the sum of those. A
      location quotient compares with them, not with the country: choose `vs:` with care.
      """,
      wrong: "let mine = dataset(\"examples/data/jobs.csv\", employment:jobs)\nlq(by:state, naics4:3261, data:mine)",
      right:
        "let mine = dataset(\"examples/data/jobs.csv\", employment:jobs)\nemployment(by:state, naics4:3261, data:mine)"),
  ]
}
