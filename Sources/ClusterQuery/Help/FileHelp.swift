extension FunctionHelp {
  /// The words that bring in files of the user's.
  static let files: [FunctionHelp] = [
    FunctionHelp(
      name: "open", usage: "open(\"file.csv\", key:[state])",
      sentence: """
        A table from a file: CSV and TSV (.gz and .zst too), JSON, Parquet, Arrow and Feather, SQLite, Stata. `key:` names
        the columns that hold members of levels; rows whose key nothing is called by are left out, and a note says so.

        separator:";" decimal:comma encoding:latin1 skip_lines:4 header:false   how the file is written
        text:[code] withheld:["(L)"] missing:["closed"]                         what its values are
        bad_rows:skip                                                           leave out rows of wrong width
        table:jobs                                                              of a database
        """,
      example: "open(\"examples/data/grants.csv\", key:[state]) | sort amount desc"),
    FunctionHelp(
      name: "dataset", usage: "let mine = dataset(\"file.csv\", county:fips, naics6:code, year:yr, employment:jobs)",
      sentence: """
        A file of yours as a dataset: every measure and indicator works on it with data:mine. By itself it shows how the
        columns were read. What is left out is found out from the columns.

        state: county: metro: region:          the column of places, or a text for all rows
        naics2: … naics6: cluster: activity:   the column of activities
        year: quarter:                         the column of periods, or a number for all rows
        NAME:column * 1k USD                   a measure; what a 1 stands for
        flows:[…] averages:[…]                 measures that add up over time, or never
        in:"Mexico" vintage:2017               where the codes leave it open
        duplicates:add absent:zero             rows of finer detail; cells that are not listed
        The blanks of `open` say how the file is written.
        """,
      example: "employment(by:state, data:dataset(\"examples/data/jobs.csv\", employment:jobs))"),
  ]
}
