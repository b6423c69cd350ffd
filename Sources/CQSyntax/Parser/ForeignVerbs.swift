/// What other languages call the verbs.
package enum ForeignVerbs {
  /// Words of other languages, in lower case with spaces, with the verb that does it here: a table, since edit distance
  /// finds none of them.
  package static let verbs: [String: [String]] = [
    "filter": ["where"], "keep": ["where", "select"], "subset": ["where"], "having": ["where"], "query": ["where"],
    "limit": ["first"], "head": ["first"], "take": ["first"], "slice": ["first"], "tail": ["bottom"],
    "order": ["sort"], "arrange": ["sort"], "order by": ["sort"], "orderby": ["sort"], "gsort": ["sort"],
    "sort values": ["sort"], "nlargest": ["top"], "nsmallest": ["bottom"], "slice max": ["top"],
    "slice min": ["bottom"], "mutate": ["derive"], "gen": ["derive"], "generate": ["derive"], "assign": ["derive"],
    "transform": ["derive"], "with columns": ["derive"], "compute": ["derive"], "remove": ["drop"],
    "relabel": ["rename"], "collapse": ["summarize"], "summarise": ["summarize"], "aggregate": ["summarize"],
    "agg": ["summarize"], "wide": ["pivot"], "pivot wider": ["pivot"], "pivot table": ["pivot"],
    "reshape": ["pivot", "unpivot"], "melt": ["unpivot"], "gather": ["unpivot"], "pivot longer": ["unpivot"],
    "spread": ["pivot"], "left join": ["join"], "merge": ["join"], "union": ["append"], "rbind": ["append"],
    "bind rows": ["append"], "concat": ["append"], "summary": ["describe"], "glimpse": ["describe"],
    "info": ["describe"], "plot": ["chart"], "graph": ["chart"], "ggplot": ["chart"], "bar": ["chart bar"],
    "barplot": ["chart bar"], "line": ["chart line"], "scatter": ["chart scatter"], "bubble": ["chart bubble"],
    "heatmap": ["chart heat"], "boxplot": ["chart box"], "choropleth": ["map"], "write": ["save"], "export": ["save"],
    "download": ["save"], "to csv": ["save"], "to excel": ["save"], "write csv": ["save"], "filtrar": ["where"],
    "ordenar": ["sort"], "guardar": ["save"], "mapa": ["map"], "grafico": ["chart"], "gráfico": ["chart"],
    "primeros": ["first"],
  ]

  /// Words for a stage that several words of cq do, with what to write.
  package static let advice: [String: String] = [
    "count": "write `| summarize rows = count(state)`", "n": "write `| summarize rows = count(state)`",
    "tally": "write `| summarize rows = count(state)`", "sum": "write `| summarize total = sum(employment)`",
    "total": "write `| summarize total = sum(employment)`", "mean": "write `| summarize average = mean(employment)`",
    "average": "write `| summarize average = mean(employment)`",
    "distinct": "write `| summarize rows = count(employment), by:state`",
    "unique": "write `| summarize rows = count(employment), by:state`",
    "print": "a table is shown without a verb; leave it out", "show": "a table is shown without a verb; leave it out",
    "display": "a table is shown without a verb; leave it out",
    "collect": "a table is shown without a verb; leave it out",
    "fillna": "write `| derive lq = lq ?? 0`", "dropna": "write `| where lq is known`",
    "pie": "shares of a whole are easier to compare as bars: `| chart bar`",
    "percent": "write `| share employment`", "growth": "growth is a measure: `growth(by:state, year:2010..2015)`",
    "lag": "write `employment(year:previous)` in `derive`",
  ]
}
