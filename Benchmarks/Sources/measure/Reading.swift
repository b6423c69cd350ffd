import Foundation

/// What the machine needs to read the columns that a query touches: a plain sum of 64-bit words over files in memory,
/// on several threads.
enum Reading {
  static func timed(_ words: [String]) throws -> String {
    let threads = max(1, Int(words[1]) ?? 1)
    let files = try words[3...].map { try Data(contentsOf: URL(fileURLWithPath: $0), options: .alwaysMapped) }
    var times: [Double] = []
    var total: UInt64 = 0
    for _ in 0..<(Int(words[2]) ?? 1) {
      let start = ContinuousClock.now
      total = 0
      for file in files { total &+= sum(file, threads) }
      times.append(milliseconds(since: start))
    }
    return "{\"ms\": \(times), \"sum\": \(total)}"
  }

  private static func sum(_ file: Data, _ threads: Int) -> UInt64 {
    file.withUnsafeBytes { bytes in
      let words = UnsafeBufferPointer(
        start: bytes.baseAddress?.assumingMemoryBound(to: UInt64.self), count: bytes.count / 8)
      let morsel = 32_768
      let morselCount = (words.count + morsel - 1) / morsel
      // SAFETY: each worker writes its own element; the words are only read.
      nonisolated(unsafe) let sums = UnsafeMutablePointer<UInt64>.allocate(capacity: threads)
      nonisolated(unsafe) let source = words
      sums.initialize(repeating: 0, count: threads)
      defer { sums.deallocate() }
      DispatchQueue.concurrentPerform(iterations: threads) { worker in
        var sum: UInt64 = 0
        for index in stride(from: worker, to: morselCount, by: threads) {
          let end = min(source.count, (index + 1) * morsel)
          for word in index * morsel..<end { sum &+= source[word] }
        }
        sums[worker] = sum
      }
      return (0..<threads).reduce(0) { $0 &+ sums[$1] }
    }
  }
}
