/// The lines of the Bureau of Economic Analysis's state accounts.
struct StateAccountLine {
  var code: String
  /// Sector that it is a part of; empty for sectors and for sums and parts of the whole.
  var sector: String
  /// Its number in the table of product and compensation; nil if it is not in that table.
  var productLine: Int?
  /// Its number in the table of employment.
  var employmentLine: Int?
  var title: String

  /// Lines that are a NAICS sector have its code; the others have the codes they consist of, or a word.
  static let all: [StateAccountLine] = [
    .init(code: "00", sector: "", productLine: 1, employmentLine: 10, title: "All industries"),
    .init(
      code: "11", sector: "", productLine: 3, employmentLine: nil, title: "Agriculture, forestry, fishing and hunting"),
    .init(
      code: "21", sector: "", productLine: 6, employmentLine: 200,
      title: "Mining, quarrying, and oil and gas extraction"),
    .init(code: "22", sector: "", productLine: 10, employmentLine: 300, title: "Utilities"),
    .init(code: "23", sector: "", productLine: 11, employmentLine: 400, title: "Construction"),
    .init(code: "31-33", sector: "", productLine: 12, employmentLine: 500, title: "Manufacturing"),
    .init(code: "42", sector: "", productLine: 34, employmentLine: 600, title: "Wholesale trade"),
    .init(code: "44-45", sector: "", productLine: 35, employmentLine: 700, title: "Retail trade"),
    .init(code: "48-49", sector: "", productLine: 36, employmentLine: 800, title: "Transportation and warehousing"),
    .init(code: "51", sector: "", productLine: 45, employmentLine: 900, title: "Information"),
    .init(code: "52", sector: "", productLine: 51, employmentLine: 1000, title: "Finance and insurance"),
    .init(code: "53", sector: "", productLine: 56, employmentLine: 1100, title: "Real estate and rental and leasing"),
    .init(
      code: "54", sector: "", productLine: 60, employmentLine: 1200,
      title: "Professional, scientific, and technical services"),
    .init(
      code: "55", sector: "", productLine: 64, employmentLine: 1300, title: "Management of companies and enterprises"),
    .init(
      code: "56", sector: "", productLine: 65, employmentLine: 1400,
      title: "Administrative and support and waste management and remediation services"),
    .init(code: "61", sector: "", productLine: 69, employmentLine: 1500, title: "Educational services"),
    .init(code: "62", sector: "", productLine: 70, employmentLine: 1600, title: "Health care and social assistance"),
    .init(code: "71", sector: "", productLine: 76, employmentLine: 1700, title: "Arts, entertainment, and recreation"),
    .init(code: "72", sector: "", productLine: 79, employmentLine: 1800, title: "Accommodation and food services"),
    .init(
      code: "81", sector: "", productLine: 82, employmentLine: 1900,
      title: "Other services (except government and government enterprises)"),
    .init(code: "111-112", sector: "11", productLine: 4, employmentLine: nil, title: "Farms"),
    .init(
      code: "113-115", sector: "11", productLine: 5, employmentLine: 100,
      title: "Forestry, fishing, and related activities"),
    .init(code: "113", sector: "11", productLine: nil, employmentLine: 101, title: "Forestry and logging"),
    .init(code: "114", sector: "11", productLine: nil, employmentLine: 102, title: "Fishing, hunting and trapping"),
    .init(
      code: "115", sector: "11", productLine: nil, employmentLine: 103,
      title: "Support activities for agriculture and forestry"),
    .init(code: "211", sector: "21", productLine: 7, employmentLine: 201, title: "Oil and gas extraction"),
    .init(code: "212", sector: "21", productLine: 8, employmentLine: 202, title: "Mining (except oil and gas)"),
    .init(code: "213", sector: "21", productLine: 9, employmentLine: 203, title: "Support activities for mining"),
    .init(code: "236", sector: "23", productLine: nil, employmentLine: 401, title: "Construction of buildings"),
    .init(
      code: "237", sector: "23", productLine: nil, employmentLine: 402,
      title: "Heavy and civil engineering construction"),
    .init(code: "238", sector: "23", productLine: nil, employmentLine: 403, title: "Specialty trade contractors"),
    .init(code: "durable", sector: "31-33", productLine: 13, employmentLine: 510, title: "Durable goods manufacturing"),
    .init(code: "321", sector: "31-33", productLine: 14, employmentLine: 511, title: "Wood product manufacturing"),
    .init(
      code: "327", sector: "31-33", productLine: 15, employmentLine: 512,
      title: "Nonmetallic mineral product manufacturing"),
    .init(code: "331", sector: "31-33", productLine: 16, employmentLine: 513, title: "Primary metal manufacturing"),
    .init(
      code: "332", sector: "31-33", productLine: 17, employmentLine: 514,
      title: "Fabricated metal product manufacturing"),
    .init(code: "333", sector: "31-33", productLine: 18, employmentLine: 515, title: "Machinery manufacturing"),
    .init(
      code: "334", sector: "31-33", productLine: 19, employmentLine: 516,
      title: "Computer and electronic product manufacturing"),
    .init(
      code: "335", sector: "31-33", productLine: 20, employmentLine: 517,
      title: "Electrical equipment, appliance, and component manufacturing"),
    .init(
      code: "3361-3363", sector: "31-33", productLine: 21, employmentLine: 518,
      title: "Motor vehicles, bodies and trailers, and parts manufacturing"),
    .init(
      code: "3364-3369", sector: "31-33", productLine: 22, employmentLine: 519,
      title: "Other transportation equipment manufacturing"),
    .init(
      code: "337", sector: "31-33", productLine: 23, employmentLine: 521,
      title: "Furniture and related product manufacturing"),
    .init(code: "339", sector: "31-33", productLine: 24, employmentLine: 522, title: "Miscellaneous manufacturing"),
    .init(
      code: "nondurable", sector: "31-33", productLine: 25, employmentLine: 530, title: "Nondurable goods manufacturing"
    ),
    .init(
      code: "311-312", sector: "31-33", productLine: 26, employmentLine: nil,
      title: "Food and beverage and tobacco product manufacturing"),
    .init(code: "311", sector: "31-33", productLine: nil, employmentLine: 531, title: "Food manufacturing"),
    .init(
      code: "312", sector: "31-33", productLine: nil, employmentLine: 532,
      title: "Beverage and tobacco product manufacturing"),
    .init(
      code: "313-314", sector: "31-33", productLine: 27, employmentLine: nil,
      title: "Textile mills and textile product mills"),
    .init(code: "313", sector: "31-33", productLine: nil, employmentLine: 533, title: "Textile mills"),
    .init(code: "314", sector: "31-33", productLine: nil, employmentLine: 534, title: "Textile product mills"),
    .init(
      code: "315-316", sector: "31-33", productLine: 28, employmentLine: nil,
      title: "Apparel, leather, and allied product manufacturing"),
    .init(code: "315", sector: "31-33", productLine: nil, employmentLine: 535, title: "Apparel manufacturing"),
    .init(
      code: "316", sector: "31-33", productLine: nil, employmentLine: 536,
      title: "Leather and allied product manufacturing"),
    .init(code: "322", sector: "31-33", productLine: 29, employmentLine: 537, title: "Paper manufacturing"),
    .init(
      code: "323", sector: "31-33", productLine: 30, employmentLine: 538,
      title: "Printing and related support activities"),
    .init(
      code: "324", sector: "31-33", productLine: 31, employmentLine: 539,
      title: "Petroleum and coal products manufacturing"),
    .init(code: "325", sector: "31-33", productLine: 32, employmentLine: 541, title: "Chemical manufacturing"),
    .init(
      code: "326", sector: "31-33", productLine: 33, employmentLine: 542,
      title: "Plastics and rubber products manufacturing"),
    .init(
      code: "441", sector: "44-45", productLine: nil, employmentLine: 701, title: "Motor vehicle and parts dealers"),
    .init(
      code: "442", sector: "44-45", productLine: nil, employmentLine: 702,
      title: "Furniture and home furnishings stores"),
    .init(
      code: "443", sector: "44-45", productLine: nil, employmentLine: 703, title: "Electronics and appliance stores"),
    .init(
      code: "444", sector: "44-45", productLine: nil, employmentLine: 704,
      title: "Building material and garden equipment and supplies dealers"),
    .init(code: "445", sector: "44-45", productLine: nil, employmentLine: 705, title: "Food and beverage stores"),
    .init(
      code: "446", sector: "44-45", productLine: nil, employmentLine: 706, title: "Health and personal care stores"),
    .init(code: "447", sector: "44-45", productLine: nil, employmentLine: 707, title: "Gasoline stations"),
    .init(
      code: "448", sector: "44-45", productLine: nil, employmentLine: 708,
      title: "Clothing and clothing accessories stores"),
    .init(
      code: "451", sector: "44-45", productLine: nil, employmentLine: 709,
      title: "Sporting goods, hobby, musical instrument, and book stores"),
    .init(code: "452", sector: "44-45", productLine: nil, employmentLine: 711, title: "General merchandise stores"),
    .init(code: "453", sector: "44-45", productLine: nil, employmentLine: 712, title: "Miscellaneous store retailers"),
    .init(code: "454", sector: "44-45", productLine: nil, employmentLine: 713, title: "Nonstore retailers"),
    .init(code: "481", sector: "48-49", productLine: 37, employmentLine: 801, title: "Air transportation"),
    .init(code: "482", sector: "48-49", productLine: 38, employmentLine: 802, title: "Rail transportation"),
    .init(code: "483", sector: "48-49", productLine: 39, employmentLine: 803, title: "Water transportation"),
    .init(code: "484", sector: "48-49", productLine: 40, employmentLine: 804, title: "Truck transportation"),
    .init(
      code: "485", sector: "48-49", productLine: 41, employmentLine: 805,
      title: "Transit and ground passenger transportation"),
    .init(code: "486", sector: "48-49", productLine: 42, employmentLine: 806, title: "Pipeline transportation"),
    .init(
      code: "487-488+492", sector: "48-49", productLine: 43, employmentLine: nil,
      title: "Other transportation and support activities"),
    .init(
      code: "487", sector: "48-49", productLine: nil, employmentLine: 807,
      title: "Scenic and sightseeing transportation"),
    .init(
      code: "488", sector: "48-49", productLine: nil, employmentLine: 808,
      title: "Support activities for transportation"),
    .init(code: "492", sector: "48-49", productLine: nil, employmentLine: 809, title: "Couriers and messengers"),
    .init(code: "493", sector: "48-49", productLine: 44, employmentLine: 811, title: "Warehousing and storage"),
    .init(
      code: "511", sector: "51", productLine: 46, employmentLine: 901, title: "Publishing industries (except Internet)"),
    .init(
      code: "512", sector: "51", productLine: 47, employmentLine: 902,
      title: "Motion picture and sound recording industries"),
    .init(
      code: "515+517", sector: "51", productLine: 48, employmentLine: nil,
      title: "Broadcasting (except Internet) and telecommunications"),
    .init(code: "515", sector: "51", productLine: nil, employmentLine: 903, title: "Broadcasting"),
    .init(code: "517", sector: "51", productLine: nil, employmentLine: 905, title: "Telecommunications"),
    .init(
      code: "518-519", sector: "51", productLine: 49, employmentLine: nil,
      title: "Data processing, hosting, and other information services"),
    .init(
      code: "518", sector: "51", productLine: nil, employmentLine: 906,
      title: "Data processing, hosting, and related services"),
    .init(code: "519", sector: "51", productLine: nil, employmentLine: 907, title: "Other information services"),
    .init(
      code: "521-522", sector: "52", productLine: 52, employmentLine: nil,
      title: "Monetary authorities, central bank, credit intermediation, and related services"),
    .init(
      code: "521", sector: "52", productLine: nil, employmentLine: 1001, title: "Monetary authorities, central bank"),
    .init(
      code: "522", sector: "52", productLine: nil, employmentLine: 1002,
      title: "Credit intermediation and related activities"),
    .init(
      code: "523", sector: "52", productLine: 53, employmentLine: 1003,
      title: "Securities, commodity contracts, and other financial investments and related activities"),
    .init(
      code: "524", sector: "52", productLine: 54, employmentLine: 1004,
      title: "Insurance carriers and related activities"),
    .init(
      code: "525", sector: "52", productLine: 55, employmentLine: 1005,
      title: "Funds, trusts, and other financial vehicles"),
    .init(code: "531", sector: "53", productLine: 57, employmentLine: 1101, title: "Real estate"),
    .init(
      code: "532-533", sector: "53", productLine: 58, employmentLine: nil,
      title: "Rental and leasing services and lessors of nonfinancial intangible assets"),
    .init(code: "532", sector: "53", productLine: nil, employmentLine: 1102, title: "Rental and leasing services"),
    .init(
      code: "533", sector: "53", productLine: nil, employmentLine: 1103,
      title: "Lessors of nonfinancial intangible assets"),
    .init(code: "5411", sector: "54", productLine: 61, employmentLine: nil, title: "Legal services"),
    .init(
      code: "5415", sector: "54", productLine: 62, employmentLine: nil,
      title: "Computer systems design and related services"),
    .init(
      code: "5412-5414+5416-5419", sector: "54", productLine: 63, employmentLine: nil,
      title: "Miscellaneous professional, scientific, and technical services"),
    .init(
      code: "561", sector: "56", productLine: 66, employmentLine: 1401, title: "Administrative and support services"),
    .init(
      code: "562", sector: "56", productLine: 67, employmentLine: 1402,
      title: "Waste management and remediation services"),
    .init(code: "621", sector: "62", productLine: 71, employmentLine: 1601, title: "Ambulatory health care services"),
    .init(code: "622", sector: "62", productLine: 72, employmentLine: 1602, title: "Hospitals"),
    .init(
      code: "623", sector: "62", productLine: 73, employmentLine: 1603, title: "Nursing and residential care facilities"
    ),
    .init(code: "624", sector: "62", productLine: 74, employmentLine: 1604, title: "Social assistance"),
    .init(
      code: "711-712", sector: "71", productLine: 77, employmentLine: nil,
      title: "Performing arts, spectator sports, museums, and related activities"),
    .init(
      code: "711", sector: "71", productLine: nil, employmentLine: 1701,
      title: "Performing arts, spectator sports, and related industries"),
    .init(
      code: "712", sector: "71", productLine: nil, employmentLine: 1702,
      title: "Museums, historical sites, and similar institutions"),
    .init(
      code: "713", sector: "71", productLine: 78, employmentLine: 1703,
      title: "Amusement, gambling, and recreation industries"),
    .init(code: "721", sector: "72", productLine: 80, employmentLine: 1801, title: "Accommodation"),
    .init(code: "722", sector: "72", productLine: 81, employmentLine: 1802, title: "Food services and drinking places"),
    .init(code: "811", sector: "81", productLine: nil, employmentLine: 1901, title: "Repair and maintenance"),
    .init(code: "812", sector: "81", productLine: nil, employmentLine: 1902, title: "Personal and laundry services"),
    .init(
      code: "813", sector: "81", productLine: nil, employmentLine: 1903,
      title: "Religious, grantmaking, civic, professional, and similar organizations"),
    .init(code: "814", sector: "81", productLine: nil, employmentLine: 1904, title: "Private households"),
    .init(code: "private", sector: "", productLine: 2, employmentLine: nil, title: "Private industries"),
    .init(
      code: "private_goods", sector: "", productLine: 91, employmentLine: nil,
      title: "Private goods-producing industries"),
    .init(
      code: "private_services", sector: "", productLine: 92, employmentLine: nil,
      title: "Private services-providing industries"),
    .init(
      code: "natural_resources", sector: "", productLine: 87, employmentLine: nil, title: "Natural resources and mining"
    ),
    .init(code: "trade", sector: "", productLine: 88, employmentLine: nil, title: "Trade"),
    .init(
      code: "transport_utilities", sector: "", productLine: 89, employmentLine: nil,
      title: "Transportation and utilities"),
    .init(
      code: "finance_real_estate", sector: "", productLine: 50, employmentLine: nil,
      title: "Finance, insurance, real estate, rental, and leasing"),
    .init(
      code: "business_services", sector: "", productLine: 59, employmentLine: nil,
      title: "Professional and business services"),
    .init(
      code: "education_health", sector: "", productLine: 68, employmentLine: nil,
      title: "Educational services, health care, and social assistance"),
    .init(
      code: "leisure", sector: "", productLine: 75, employmentLine: nil,
      title: "Arts, entertainment, recreation, accommodation, and food services"),
    .init(
      code: "government", sector: "", productLine: 83, employmentLine: 2000,
      title: "Government and government enterprises"),
    .init(code: "federal_civilian", sector: "", productLine: 84, employmentLine: 2001, title: "Federal civilian"),
    .init(code: "military", sector: "", productLine: 85, employmentLine: 2002, title: "Military"),
    .init(code: "state_local", sector: "", productLine: 86, employmentLine: 2010, title: "State and local"),
    .init(code: "state", sector: "", productLine: nil, employmentLine: 2011, title: "State government"),
    .init(code: "local", sector: "", productLine: nil, employmentLine: 2012, title: "Local government"),
    .init(
      code: "overseas", sector: "", productLine: 100, employmentLine: nil,
      title: "All industry total, overseas activity"),
    .init(
      code: "overseas_government", sector: "", productLine: 101, employmentLine: nil,
      title: "Government and government enterprises, overseas activity"),
    .init(
      code: "overseas_federal_civilian", sector: "", productLine: 102, employmentLine: nil,
      title: "Federal civilian, overseas activity"),
    .init(
      code: "overseas_military", sector: "", productLine: 103, employmentLine: nil, title: "Military, overseas activity"
    ),
    .init(code: "wage_salary", sector: "", productLine: nil, employmentLine: 20, title: "Wage and salary employment"),
    .init(code: "proprietors", sector: "", productLine: nil, employmentLine: 40, title: "Proprietors employment"),
    .init(
      code: "farm_proprietors", sector: "", productLine: nil, employmentLine: 50, title: "Farm proprietors employment"),
    .init(
      code: "nonfarm_proprietors", sector: "", productLine: nil, employmentLine: 60,
      title: "Nonfarm proprietors employment"),
    .init(code: "farm", sector: "", productLine: nil, employmentLine: 70, title: "Farm employment"),
    .init(code: "nonfarm", sector: "", productLine: nil, employmentLine: 80, title: "Nonfarm employment"),
    .init(
      code: "private_nonfarm", sector: "", productLine: nil, employmentLine: 90, title: "Private nonfarm employment"),
  ]
}
