import Dispatch

/// Runs blocks of a loop on the processors there are.
enum Parallel {
  /// Indices per block where any partition gives the same bits: a few blocks for each processor.
  static func grain(of count: Int, least: Int) -> Int { max(least, (count + 7) / 8) }

  /// Calls `body` with ranges that together are `0..<count`, on several threads when `work` is worth their start.
  ///
  /// Results are the same for any number of threads as long as `body` writes only what belongs to its range: the blocks
  /// depend on `count` and `grain` alone.
  ///
  /// - Parameters:
  ///   - grain: Indices per block.
  ///   - work: Floating-point operations of the whole loop, roughly; below a million it runs on the calling thread.
  static func forEachBlock(of count: Int, grain: Int, work: Int, _ body: (Range<Int>) -> Void) {
    let blockCount = (count + grain - 1) / max(grain, 1)
    guard blockCount > 1, work >= 1_000_000 else {
      if count > 0 { body(0..<count) }
      return
    }
    // SAFETY: the calls end before this function returns; what the blocks share is for the caller to keep apart, as said above.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: blockCount) { block in
      unsafe body(block * grain..<min((block + 1) * grain, count))
    }
  }
}
