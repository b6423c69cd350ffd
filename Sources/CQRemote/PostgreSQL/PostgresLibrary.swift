internal import Glibc

/// The functions of libpq that cq calls, found when a query first names a PostgreSQL.
@safe struct PostgresLibrary: @unchecked Sendable {
  typealias Connection = OpaquePointer
  typealias Result = OpaquePointer
  typealias Texts = UnsafePointer<UnsafePointer<CChar>?>

  let connectStart: @convention(c) (Texts, Texts, Int32) -> Connection?
  let connectPoll: @convention(c) (Connection) -> Int32
  let status: @convention(c) (Connection) -> Int32
  let socket: @convention(c) (Connection) -> Int32
  let errorMessage: @convention(c) (Connection) -> UnsafePointer<CChar>?
  let parameterStatus: @convention(c) (Connection, UnsafePointer<CChar>) -> UnsafePointer<CChar>?
  let finish: @convention(c) (Connection) -> Void
  let sendQuery:
    @convention(c) (
      Connection, UnsafePointer<CChar>, Int32, UnsafeRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?,
      UnsafeRawPointer?, Int32
    ) -> Int32
  let setSingleRowMode: @convention(c) (Connection) -> Int32
  let flush: @convention(c) (Connection) -> Int32
  let consumeInput: @convention(c) (Connection) -> Int32
  let isBusy: @convention(c) (Connection) -> Int32
  let getResult: @convention(c) (Connection) -> Result?
  let resultStatus: @convention(c) (Result) -> Int32
  let resultError: @convention(c) (Result) -> UnsafePointer<CChar>?
  let resultErrorField: @convention(c) (Result, Int32) -> UnsafePointer<CChar>?
  let rowCount: @convention(c) (Result) -> Int32
  let columnCount: @convention(c) (Result) -> Int32
  let columnName: @convention(c) (Result, Int32) -> UnsafePointer<CChar>?
  let columnFormat: @convention(c) (Result, Int32) -> Int32
  let columnType: @convention(c) (Result, Int32) -> UInt32
  let value: @convention(c) (Result, Int32, Int32) -> UnsafePointer<UInt8>?
  let length: @convention(c) (Result, Int32, Int32) -> Int32
  let isNull: @convention(c) (Result, Int32, Int32) -> Int32
  let clear: @convention(c) (Result) -> Void
  let getCancel: @convention(c) (Connection) -> OpaquePointer?
  let cancel: @convention(c) (OpaquePointer, UnsafeMutablePointer<CChar>, Int32) -> Int32
  let freeCancel: @convention(c) (OpaquePointer) -> Void
  let setNoticeProcessor:
    @convention(c) (
      Connection, (@convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Void)?, UnsafeMutableRawPointer?
    ) -> UnsafeRawPointer?

  /// - Parameter path: nil for the library where the system has it.
  init(_ path: String?) throws(EngineProblem) {
    do {
      let library = try SharedLibrary(path ?? "libpq.so.5")
      unsafe connectStart = unsafe try library.function("PQconnectStartParams")
      unsafe connectPoll = unsafe try library.function("PQconnectPoll")
      unsafe status = unsafe try library.function("PQstatus")
      unsafe socket = unsafe try library.function("PQsocket")
      unsafe errorMessage = unsafe try library.function("PQerrorMessage")
      unsafe parameterStatus = unsafe try library.function("PQparameterStatus")
      unsafe finish = unsafe try library.function("PQfinish")
      unsafe sendQuery = unsafe try library.function("PQsendQueryParams")
      unsafe setSingleRowMode = unsafe try library.function("PQsetSingleRowMode")
      unsafe flush = unsafe try library.function("PQflush")
      unsafe consumeInput = unsafe try library.function("PQconsumeInput")
      unsafe isBusy = unsafe try library.function("PQisBusy")
      unsafe getResult = unsafe try library.function("PQgetResult")
      unsafe resultStatus = unsafe try library.function("PQresultStatus")
      unsafe resultError = unsafe try library.function("PQresultErrorMessage")
      unsafe resultErrorField = unsafe try library.function("PQresultErrorField")
      unsafe rowCount = unsafe try library.function("PQntuples")
      unsafe columnCount = unsafe try library.function("PQnfields")
      unsafe columnName = unsafe try library.function("PQfname")
      unsafe columnFormat = unsafe try library.function("PQfformat")
      unsafe columnType = unsafe try library.function("PQftype")
      unsafe value = unsafe try library.function("PQgetvalue")
      unsafe length = unsafe try library.function("PQgetlength")
      unsafe isNull = unsafe try library.function("PQgetisnull")
      unsafe clear = unsafe try library.function("PQclear")
      unsafe getCancel = unsafe try library.function("PQgetCancel")
      unsafe cancel = unsafe try library.function("PQcancel")
      unsafe freeCancel = unsafe try library.function("PQfreeCancel")
      unsafe setNoticeProcessor = unsafe try library.function("PQsetNoticeProcessor")
    } catch {
      throw EngineProblem(
        .noDriver, "PostgreSQL needs libpq, which can't be loaded: \(error.message)",
        help: "install it: `apt install libpq5`")
    }
  }
}
