// swift-tools-version: 6.2
import PackageDescription

// Formatting style:
//  - targets follow the life of a query, each test target right below what it tests;
//  - all arrays are sorted alphabetically.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
]

let package = Package(
  name: "cq",
  products: [
    .library(name: "ClusterQuery", targets: ["ClusterQuery"]),
    .library(name: "CQBundledData", targets: ["CQBundledData"]),
    .executable(name: "cq", targets: ["cq"]),
  ],
  traits: [
    .trait(name: "Readline", description: "Line editing through GNU readline (GPL-3) in the cq executable"),
    .default(enabledTraits: ["Readline"]),
  ],
  targets: [
    .target(name: "CQSource", swiftSettings: settings),
    .target(name: "CQSyntax", dependencies: ["CQSource"], swiftSettings: settings),
    .executableTarget(
      name: "properties", dependencies: ["CQSource", "CQSyntax"], path: "Tools/properties", swiftSettings: settings),
    .testTarget(name: "CQSyntaxTests", dependencies: ["CQSource", "CQSyntax", "properties"], swiftSettings: settings),
    .target(name: "CQColumns", swiftSettings: settings),
    .testTarget(
      name: "CQColumnsTests", dependencies: ["CQColumns"], exclude: ["Fixtures"], swiftSettings: settings),
    .target(name: "CQCatalog", dependencies: ["CQColumns"], swiftSettings: settings),
    .testTarget(
      name: "CQCatalogTests", dependencies: ["CQCatalog", "CQColumns", "properties"], swiftSettings: settings),
    .target(name: "CVectorLoops", exclude: ["loops.inc"]),
    .target(name: "CQMethods", dependencies: ["CQColumns", "CVectorLoops"], swiftSettings: settings),
    .executableTarget(name: "kernels", dependencies: ["CQMethods"], path: "Tools/kernels", swiftSettings: settings),
    .testTarget(
      name: "CQMethodsTests", dependencies: ["CQColumns", "CQMethods", "CVectorLoops"], swiftSettings: settings),
    .target(
      name: "CQSemantics",
      dependencies: ["CQCatalog", "CQColumns", "CQMethods", "CQRemote", "CQSource", "CQSyntax"],
      swiftSettings: settings),
    .target(
      name: "BundledElaboration",
      dependencies: ["CQBundledData", "CQCatalog", "CQSemantics", "CQSource", "CQSyntax", "ClusterQuery"],
      path: "Tests/BundledElaboration", swiftSettings: settings),
    .testTarget(
      name: "CQSemanticsTests",
      dependencies: [
        "BundledElaboration", "CQBundledData", "CQCatalog", "CQColumns", "CQSemantics", "CQSource", "CQSyntax",
        "ClusterQuery", "properties",
      ],
      swiftSettings: settings),
    .target(
      name: "CQPlan", dependencies: ["CQCatalog", "CQColumns", "CQMethods", "CQSemantics", "CQSyntax"],
      swiftSettings: settings),
    .testTarget(
      name: "CQPlanTests",
      dependencies: [
        "BundledElaboration", "CQBundledData", "CQCatalog", "CQPlan", "CQSemantics", "CQSource", "CQSyntax",
        "ClusterQuery",
      ],
      swiftSettings: settings),
    .target(
      name: "CQEngine",
      dependencies: ["CQCatalog", "CQColumns", "CQMethods", "CQPlan", "CQSemantics", "CQSyntax", "CVectorLoops"],
      swiftSettings: settings),
    .testTarget(
      name: "CQEngineTests",
      dependencies: ["CQCatalog", "CQColumns", "CQEngine", "CQPlan", "CQSemantics", "CQSource", "CQSyntax"],
      swiftSettings: settings),
    .target(name: "CQRender", dependencies: ["CQColumns", "CQMethods", "CQSource"], swiftSettings: settings),
    .testTarget(
      name: "CQRenderTests", dependencies: ["CQColumns", "CQRender", "CQSource"], exclude: ["Snapshots"],
      swiftSettings: settings),
    .systemLibrary(name: "CDrivers"),
    .target(name: "CQRemote", dependencies: ["CDrivers", "CQColumns", "CQSource"], swiftSettings: settings),
    .testTarget(
      name: "CQRemoteTests", dependencies: ["CQBundledData", "CQColumns", "CQRemote", "CQSource", "ClusterQuery"],
      swiftSettings: settings),
    .target(name: "CQImport", dependencies: ["CQColumns"], swiftSettings: settings),
    .testTarget(
      name: "CQImportTests", dependencies: ["CQColumns", "CQImport"], exclude: ["Fixtures"], swiftSettings: settings),
    .target(name: "CStandardLibrary"),
    .target(
      name: "ClusterQuery",
      dependencies: [
        "CQCatalog", "CQColumns", "CQEngine", "CQImport", "CQPlan", "CQRemote", "CQRender", "CQSemantics", "CQSource",
        "CQSyntax",
        "CStandardLibrary",
      ], swiftSettings: settings),
    .target(name: "CBundledData", exclude: ["data"]),
    .target(
      name: "CQBundledData", dependencies: ["CBundledData", "CQColumns", "ClusterQuery"], swiftSettings: settings),
    .testTarget(
      name: "ClusterQueryTests",
      dependencies: ["CQBundledData", "CQCatalog", "CQColumns", "CQSemantics", "CQSource", "CQSyntax", "ClusterQuery"],
      swiftSettings: settings),
    .target(name: "CQConformance", dependencies: ["CQSyntax", "ClusterQuery"], swiftSettings: settings),
    .testTarget(
      name: "ConformanceTests", dependencies: ["CQBundledData", "CQConformance", "ClusterQuery"],
      swiftSettings: settings),
    .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"])]),
    .target(
      name: "CQShell",
      dependencies: [
        "CQConformance", "CQRender", "ClusterQuery", .target(name: "CReadline", condition: .when(traits: ["Readline"])),
      ], swiftSettings: settings),
    .testTarget(
      name: "CQShellTests",
      dependencies: ["CQBundledData", "CQConformance", "CQRender", "CQShell", "ClusterQuery"],
      swiftSettings: settings),
    .executableTarget(name: "cq", dependencies: ["CQBundledData", "CQShell"], swiftSettings: settings),
    .executableTarget(
      name: "bundle", dependencies: ["CQCatalog", "CQColumns"], path: "Tools/bundle", swiftSettings: settings),
    .executableTarget(
      name: "facts", dependencies: ["CQColumns"], path: "Tools/facts", swiftSettings: settings),
    .testTarget(
      name: "BundleTests", dependencies: ["CQBundledData", "CQCatalog", "CQColumns", "bundle"], exclude: ["Fixtures"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
