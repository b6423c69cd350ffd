extension Array where Element: Comparable {
  /// Rounds halve what is left, more or less; where so many have not been enough, it is sorted.
  private static var roundLimit: Int { 40 }

  /// The element at place `count` in ascending order, counted from 1; moves the `count` smallest to the front.
  ///
  /// - Parameter check: Called every now and then, to ask whether to go on.
  /// - Precondition: `count` is at least 1 and at most the number of elements.
  /// - Complexity: O(n) on average, O(n log n) at most.
  mutating func smallest(_ count: Int, checking check: () throws -> Void) rethrows -> Element {
    var (low, high) = (0, self.count)
    var roundCount = 0
    while high - low > 1 {
      roundCount += 1
      if roundCount > Self.roundLimit {
        self[low..<high].sort()
        return self[count - 1]
      }
      let pivot = Self.median(self[low], self[low + (high - low) / 2], self[high - 1])
      // Smaller ones, equal ones, larger ones.
      var (smaller, index, larger) = (low, low, high)
      while index < larger {
        if (larger - index) % RunControl.morselRowCount == 0 { try check() }
        if self[index] < pivot {
          swapAt(index, smaller)
          smaller += 1
          index += 1
        } else if self[index] > pivot {
          larger -= 1
          swapAt(index, larger)
        } else {
          index += 1
        }
      }
      if count <= smaller {
        high = smaller
      } else if count > larger {
        low = larger
      } else {
        return pivot
      }
    }
    return self[low]
  }

  private static func median(_ one: Element, _ two: Element, _ three: Element) -> Element {
    Swift.max(Swift.min(one, two), Swift.min(Swift.max(one, two), three))
  }
}
