extension ErrorPage {
  /// Members, levels, datasets and years.
  static let members: [ErrorPage] = [
    ErrorPage(
      "E0301", "A place, cluster or industry that there is not",
      """
      Nothing at this level has that name, code or registered alias. Capitals, accents and punctuation do not matter, but
      anything else must be exact: a name that is only similar is suggested and never taken, because a script must mean
      the same when the catalogue grows. `:fix` in a session takes the suggestion; `members(cluster)` lists all names.
      """,
      wrong: "lq(cluster:\"Aerospce\", by:state)", right: "lq(cluster:\"Aerospace\", by:state)"),
    ErrorPage(
      "E0302", "A name of a place or cluster without quotation marks",
      """
      Words without quotation marks are measures, levels and names of yours; names of places and clusters are texts. With
      the marks a name may have spaces and can never be mistaken for a definition.
      """,
      wrong: "lq(cluster:Aerospace, by:state)", right: "lq(cluster:\"Aerospace\", by:state)"),
    ErrorPage(
      "E0303", "A member named by a text with braces",
      """
      Braces in a text insert values, which is fine for titles and names of files. To name a place or cluster from outside,
      use a `$parameter` or a `let`: they are checked as a whole and can't smuggle in anything else.
      """,
      wrong: "let place = \"Ohio\"\nemployment(by:cluster, in:\"{place}\")",
      right: "let place = \"Ohio\"\nemployment(by:cluster, in:place)"),
    ErrorPage(
      "E0304", "A name that several members have",
      """
      The name stands for several members that are not the same, such as a sector, a cluster and a subcluster. Their numbers
      differ, so you have to say which one you mean: use its level as the blank, or its code.
      """,
      wrong: "employment(activity:\"Construction\", by:state)", right: "employment(naics2:\"Construction\", by:state)"),
    ErrorPage(
      "E0305", "An empty list",
      """
      A list of places or activities must name at least one; the sum of nothing would be zero everywhere. Leave the blank
      out to have all of them.
      """,
      wrong: "employment(by:state, state:[])", right: "employment(by:state, state:[\"Ohio\"])"),
    ErrorPage(
      "E0306", "An industry code of another vintage",
      """
      The classification of industries is revised every five years, and this code does not exist in the one that the data
      of this year use. It would come out as zero jobs, which is wrong. Choose a year of the other vintage, or a cluster,
      which all vintages have.
      """,
      wrong: "employment(naics6:519130, by:state, year:2005)",
      right: "employment(naics6:519130, by:state, year:2020)"),
    ErrorPage(
      "W0307", "A value that no row has",
      """
      A text is compared with a column of a table whose rows are known, and none of them has it: the condition is the same
      for all rows, most likely because of a misspelt word. The query runs; the message names the value that comes closest, or
      some that there are.
      """,
      wrong: "organisations | where sector in [\"Automotve\", \"Aerospace\"]",
      right: "organisations | where sector in [\"Automotive\", \"Aerospace\"]"),
    ErrorPage(
      "E0310", "A level that there is not",
      """
      Rows are spread over levels: state, cluster, naics4, year and others. This word is none of them. The message lists the
      levels; which of them a dataset has is shown by `datasets`.
      """,
      wrong: "lq(by:sate)", right: "lq(by:state)"),
    ErrorPage(
      "E0311", "A dataset that there is not",
      """
      `data:` names one of the datasets that cq was started with. `datasets` lists them with their years and sources.
      """,
      wrong: "lq(by:state, data:us_qcew)", right: "lq(by:state, data:us_qcew_state)"),
    ErrorPage(
      "E0312", "A level that stands twice in `by:`",
      """
      Each level gives one column, and a second one would only repeat it. Remove one of them, or write the level that you
      meant.
      """,
      wrong: "employment(by:[state, state])", right: "employment(by:[state, cluster])"),
    ErrorPage(
      "E0313", "An unknown way to treat withheld cells",
      """
      `suppressed:` says what happens to numbers that the agency withholds: `estimate` takes the estimates of the dataset,
      `exclude` leaves them out and marks the sums, `withhold` withholds every sum with such a part. There is no fourth way.
      """,
      wrong: "employment(by:state, suppressed:skip)", right: "employment(by:state, suppressed:exclude)"),
    ErrorPage(
      "E0314", "Places outside the area",
      """
      `in:` names the area that rows are taken from, and the places picked by another blank all lie outside it, so nothing is
      left. The table is not answered with no rows, because that could be read as no jobs.
      """,
      wrong: "employment(in:\"Ohio\", state:\"Iowa\")", right: "employment(state:\"Iowa\")"),
    ErrorPage(
      "E0321", "Data that there are not",
      """
      The measure exists, but not at this level, in this place or for this year. A table takes all numbers of a country from
      one dataset, so that its rows can be compared. The notes of the message say what there is; `datasets` shows the whole.
      """,
      wrong: "employment(by:state, year:1950)", right: "employment(by:state, year:2011)"),
    ErrorPage(
      "E0322", "A measure that the dataset does not have",
      """
      No dataset has all that this table asks for, or the one named by `data:` does not have the measure. Only measures that
      no dataset has together, such as jobs and population, come each from its own, and then for the years that both have.
      Leave `data:` out, or make two tables.
      """,
      wrong: "published_lq(by:state, data:us_cbp_state)",
      right: "published_lq(by:state, cluster:\"Aerospace\", data:us_cluster_map_2016)"),
    ErrorPage(
      "E0323", "Growth over a single year",
      """
      Growth compares the first and the last year of `year:`, and here both are the same. Give a range; for the change on the
      year before, use `yoy`.
      """,
      wrong: "growth(by:state, year:2011)", right: "growth(by:state, year:2008..2011)"),
    ErrorPage(
      "E0324", "Growth in a dataset of one year",
      """
      The dataset has only one year, so there is nothing to compare it with. Leave `data:` out, or choose a dataset with
      several years; `datasets` lists them.
      """,
      wrong: "growth(by:state, data:us_cluster_map_2016)", right: "growth(by:state, data:us_cbp_state)"),
    ErrorPage(
      "E0331", "Growth across a change of classification",
      """
      Between these years the classification of industries was revised, and at this level codes were split, merged or moved.
      What looks like growth would partly be relabelling. The message names the spans that may be compared; sectors and
      clusters can often be compared for longer than single industries.
      """,
      wrong: "growth(by:naics4, in:\"Ohio\", year:2007..2008)", right: "growth(by:naics4, in:\"Ohio\", year:2008..2011)"
    ),
    ErrorPage(
      "E0341", "A saved query that leaves its place, years or data open",
      """
      Given only by `cq check --strict`. What a query leaves open is chosen when it runs: the country of the session, the
      latest years, the first dataset that has the measure. With newer data or another default the same script gives other
      numbers. Say all three in scripts that are kept; the fix writes what cq would choose today.
      """,
      wrong: Example("lq(cluster:\"Aerospace\", by:state)", options: "check --strict"),
      right: Example(
        "lq(cluster:\"Aerospace\", by:state, in:\"United States\", year:2020, data:us_qcew_state)",
        options: "check --strict")),
  ]
}
