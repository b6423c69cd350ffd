internal import CDrivers
internal import Synchronization

/// A loaded ADBC driver. Drivers stay loaded until the process ends.
@safe final class ADBCDriver: @unchecked Sendable {
  let functions: UnsafeMutablePointer<AdbcDriver>
  private static let loaded = Mutex<[String: ADBCDriver]>([:])

  private init(_ functions: UnsafeMutablePointer<AdbcDriver>) { unsafe self.functions = unsafe functions }

  /// - Throws: ``EngineProblem/Kind/noDriver`` with how to get one.
  static func driver(for address: EngineAddress) throws(EngineProblem) -> ADBCDriver {
    let usual = address.engine.usualDriver
    let path = address.driver ?? environment(usual.variable) ?? usual.library
    if let known = loaded.withLock({ $0[path] }) { return known }
    do {
      let driver = try load(path, entries: [usual.entry, "AdbcDriverInit"])
      loaded.withLock { $0[path] = driver }
      return driver
    } catch {
      throw EngineProblem(
        .noDriver, "\(address.dialect.name) needs a driver, which can't be loaded: \(error.message)",
        help:
          "install it with `\(usual.installation)`, and name its library: `&driver=/path/to/\(usual.library)`, or \(usual.variable)"
      )
    }
  }

  private static func load(_ path: String, entries: [String]) throws(EngineProblem) -> ADBCDriver {
    let library: SharedLibrary
    do {
      library = try SharedLibrary(path)
    } catch {
      // A driver inside a Python module needs Python's symbols: `_duckdb.cpython-311-x86_64-linux-gnu.so`.
      guard let python = pythonLibrary(for: path) else { throw error }
      _ = try SharedLibrary(python, isGlobal: true)
      library = try SharedLibrary(path)
    }
    var problem = EngineProblem(.noDriver, "it is no ADBC driver")
    for entry in entries {
      let initialise: AdbcDriverInitFunc
      do throws(EngineProblem) {
        guard let found: AdbcDriverInitFunc = unsafe try library.function(entry) else { continue }
        unsafe initialise = unsafe found
      } catch {
        continue
      }
      // SAFETY: zeroed memory with room to spare, filled by the driver, never freed.
      let functions = UnsafeMutablePointer<AdbcDriver>.allocate(capacity: 1)
      for version: Int32 in [1_001_000, 1_000_000] {
        unsafe functions.initialize(to: AdbcDriver())
        var error = unsafe AdbcError()
        if unsafe initialise(version, functions, &error) == 0 { return unsafe ADBCDriver(functions) }
        problem = EngineProblem(.noDriver, unsafe message(&error))
      }
      unsafe functions.deallocate()
    }
    throw problem
  }

  private static func pythonLibrary(for path: String) -> String? {
    guard let mark = path.range(of: "cpython-3") else { return nil }
    let minor = path[mark.upperBound...].prefix { $0.isNumber }
    return "libpython3.\(minor).so.1.0"
  }

  /// The message of an error, which is then given back.
  static func message(_ error: inout AdbcError) -> String {
    let text = unsafe error.message.map { unsafe String(cString: $0) } ?? "no reason given"
    unsafe error.release?(&error)
    return text
  }
}

extension EngineAddress.Engine {
  /// Where the driver is looked for, and what brings it.
  var usualDriver: (library: String, entry: String, variable: String, installation: String) {
    switch self {
    case .duckdb: ("libduckdb.so", "duckdb_adbc_init", "CQ_DUCKDB_DRIVER", "pip install duckdb")
    case .spark: ("libadbc_driver_spark.so", "AdbcDriverSparkInit", "CQ_SPARK_DRIVER", "pip install adbc-driver-spark")
    case .flightsql:
      (
        "libadbc_driver_flightsql.so", "AdbcDriverFlightsqlInit", "CQ_FLIGHTSQL_DRIVER",
        "pip install adbc-driver-flightsql"
      )
    case .sqlite:
      ("libadbc_driver_sqlite.so", "AdbcDriverSqliteInit", "CQ_SQLITE_DRIVER", "pip install adbc-driver-sqlite")
    case .postgresql: ("libpq.so.5", "", "CQ_LIBPQ", "apt install libpq5")
    }
  }
}
