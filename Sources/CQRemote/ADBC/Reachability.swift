internal import Glibc

/// Whether a gRPC server answers at an address, asked before a driver is: drivers try again and again for as long as they like.
enum Reachability {
  /// What a client of HTTP/2 says first (RFC 9113, 3.4): its preface and empty settings. A server answers with its own.
  private static let greeting: [UInt8] = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

  /// Tries each address that the host's name stands for. Blocks for at most `milliseconds`, and for as long as the name is
  /// looked up.
  ///
  /// - Parameter authority: `user@host:port`, `[::1]:port`.
  /// - Returns: Why nothing could be reached, in the system's words; nil when something answers.
  static func problem(_ authority: String, usualPort: String, milliseconds: Int) -> String? {
    let (host, port) = parts(authority, usualPort)
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, port, &hints, &list)
    // SAFETY: the texts of errors are the library's own; the list is freed once, after its last use.
    if code != 0 { return unsafe String(cString: gai_strerror(code)) }
    defer { unsafe freeaddrinfo(list) }
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    var reason = "the name stands for no address"
    var next = unsafe list
    while let entry = unsafe next {
      guard let problem = unsafe problem(entry, deadline) else { return nil }
      reason = problem
      unsafe next = unsafe entry.pointee.ai_next
    }
    return reason
  }

  private static func problem(_ entry: UnsafeMutablePointer<addrinfo>, _ deadline: ContinuousClock.Instant) -> String? {
    let descriptor = unsafe socket(
      entry.pointee.ai_family, entry.pointee.ai_socktype | Int32(SOCK_NONBLOCK.rawValue), entry.pointee.ai_protocol)
    guard descriptor >= 0 else { return words(errno) }
    defer { close(descriptor) }
    if unsafe connect(descriptor, entry.pointee.ai_addr, entry.pointee.ai_addrlen) != 0, errno != EINPROGRESS {
      return words(errno)
    }
    guard wait(descriptor, POLLOUT, deadline) else { return "nothing answers there" }
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    // SAFETY: the option is an integer of the length that is passed.
    _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
    if code != 0 { return words(code) }
    // Something listens. A server that has stopped working, or only just begins to, does so too.
    _ = unsafe send(descriptor, greeting, greeting.count, Int32(MSG_NOSIGNAL))
    guard wait(descriptor, POLLIN, deadline) else { return "something listens there, but does not answer" }
    var byte: UInt8 = 0
    return unsafe recv(descriptor, &byte, 1, 0) == 1 ? nil : "something listens there, but hangs up"
  }

  private static func wait(_ descriptor: Int32, _ event: Int32, _ deadline: ContinuousClock.Instant) -> Bool {
    while ContinuousClock.now < deadline {
      var waited = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      if unsafe poll(&waited, 1, 20) > 0 { return true }
    }
    return false
  }

  private static func words(_ code: Int32) -> String {
    // SAFETY: the text is copied at once.
    unsafe strerror(code).map { unsafe String(cString: $0).lowercasedASCII } ?? "error \(code)"
  }

  private static func parts(_ authority: String, _ usualPort: String) -> (host: String, port: String) {
    let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority[...]
    if place.first == "[", let end = place.firstIndex(of: "]") {
      let rest = place[place.index(after: end)...]
      let host = place[place.index(after: place.startIndex)..<end]
      return (String(host), rest.first == ":" ? String(rest.dropFirst()) : usualPort)
    }
    guard let colon = place.lastIndex(of: ":") else { return (String(place), usualPort) }
    return (String(place[..<colon]), String(place[place.index(after: colon)...]))
  }
}
