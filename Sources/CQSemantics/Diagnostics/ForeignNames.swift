import CQCatalog

/// What people call measures, indicators and levels elsewhere: tables, since edit distance finds none of them.
package enum ForeignNames {
  /// Folded words with the measures or indicators that are meant.
  package static let measures: [String: [String]] = {
    let meanings: [(words: [String], names: [String])] = [
      (
        [
          "jobs", "job", "workers", "worker", "employees", "emp", "headcount", "workforce", "empleo", "empleos",
          "trabajadores", "personal ocupado", "emploi", "emplois",
        ], ["employment"]
      ),
      (
        [
          "firms", "firm", "companies", "company", "businesses", "enterprises", "plants", "establecimientos",
          "empresas",
          "unidades economicas", "entreprises", "etablissements",
        ], ["establishments"]
      ),
      (
        [
          "salary", "salaries", "wage", "wages", "pay", "earnings", "income", "salario", "salarios", "sueldo",
          "salario promedio", "salaire", "salaires",
        ], ["avg_wage", "payroll"]
      ),
      (["nomina", "wage bill", "total wages", "remuneraciones"], ["payroll"]),
      (["people", "inhabitants", "pop", "residents", "poblacion", "habitantes", "habitants"], ["population"]),
      (["export", "exportaciones", "exportations"], ["exports"]),
      (["pib", "grp", "gsp", "gross domestic product", "gross regional product"], ["gdp"]),
      (["patentes", "inventions", "brevets"], ["patents"]),
      (["specialization", "specialisation", "especializacion", "concentration quotient", "ql"], ["lq"]),
      (["competitors", "competition", "competing", "competidores", "rivals"], ["overlap", "similarity"]),
      (["concentration", "herfindahl"], ["hhi"]),
      (["diversification", "diversificacion"], ["diversity", "entropy"]),
      (["increase", "growth rate", "crecimiento"], ["growth"]),
      (["rate", "percentage", "percent"], ["share"]),
      (["foreign investment", "investment foreign", "ied", "inversion extranjera"], ["fdi"]),
      (["complexity", "complejidad"], ["eci", "pci"]),
      (["inequality", "desigualdad"], ["gini"]),
    ]
    return Dictionary(
      meanings.flatMap { meaning in meaning.words.map { ($0, meaning.names) } }, uniquingKeysWith: { first, _ in first }
    )
  }()

  /// Folded words with what to write where no name says it.
  static let advice: [String: String] = [
    "unemployment": "write `1 - employed / labour_force`, which Mexico's labour survey has by entidad",
    "unemployment rate": "write `1 - employed / labour_force`, which Mexico's labour survey has by entidad",
    "wage premium": "write `avg_wage / avg_wage(activity:all) - 1`",
    "premium": "write `avg_wage / avg_wage(activity:all) - 1`",
    "import": importsAdvice, "imports": importsAdvice, "importaciones": importsAdvice, "trade gap": importsAdvice,
    "help": "`cq help`, or `?` in a session, lists what there is, and `?lq` explains a word",
    "sources": datasetsAdvice, "datasets": datasetsAdvice, "data": datasetsAdvice, "catalogue": datasetsAdvice,
    "catalog": datasetsAdvice,
  ]

  private static let importsAdvice =
    "tables of imports and exports: `us_imports_by_product`, `trade_balance`, `nearshoring`"
  private static let datasetsAdvice =
    "`:datasets` in a session lists the datasets, `members(state)` the places, and `data:` picks a dataset in a call"

  /// Folded words with the level that is meant.
  static let levels: [String: Level] = {
    let meanings: [(words: [String], level: Level)] = [
      (["estado", "estados", "provincia", "provincias", "etat", "etats", "region", "regions", "entity"], .state),
      (["pais", "paises", "pays", "nation", "nations"], .country),
      (
        [
          "condado", "condados", "municipality", "municipalities", "municipalidad", "comte", "fips", "parish",
          "borough",
        ],
        .county
      ),
      (["msa", "cbsa", "city", "cities", "ciudad", "metropolitan area", "zona metropolitana", "cma", "ville"], .metro),
      (["ano", "anos", "annee", "annees", "date", "period", "time", "periodo"], .year),
      (["trimestre", "trimestres"], .quarter),
      (["mes", "meses"], .month),
      (["sector", "sectors", "sectores"], .naics2),
      (["naics", "scian", "naics code", "rama", "ramas", "industria", "industrias", "activity"], .naics4),
      (["subsector", "subsectors", "subsectores"], .naics3),
      (["clusteres", "cumulo", "grappe", "grappes"], .cluster),
      (["hs", "hs code", "producto", "productos", "produit"], .product),
    ]
    return Dictionary(
      meanings.flatMap { meaning in meaning.words.map { ($0, meaning.level) } }, uniquingKeysWith: { first, _ in first }
    )
  }()
}
