/// Groups of goods in the export statistics that are not the product of an industry: their codes are in no NAICS list.
enum ExportGroups {
  static let titles = [
    "91": "Waste and scrap", "93": "Used or second-hand merchandise", "98": "Goods returned to Canada",
    "99": "Special classification provisions",
  ]
}
