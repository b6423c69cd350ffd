// swift-tools-version: 6.2
import PackageDescription

// A package of its own: whoever uses the library never resolves or builds it.
let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "cq", path: "..")],
  targets: [
    .executableTarget(name: "measure", dependencies: [.product(name: "ClusterQuery", package: "cq")])
  ],
  swiftLanguageModes: [.v6]
)
