// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "embedding",
  // In a package of your own: .package(url: "…/cq", from: "0.1.0", traits: [])
  dependencies: [.package(name: "cq", path: "../..", traits: [])],
  targets: [
    .executableTarget(
      name: "embedding",
      dependencies: [
        .product(name: "ClusterQuery", package: "cq"),
        .product(name: "CQBundledData", package: "cq"),
      ])
  ]
)
