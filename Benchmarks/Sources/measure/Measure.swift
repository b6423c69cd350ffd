import ClusterQuery
import Foundation
import Glibc

/// Opens a folder of data and answers commands from standard input, one line of tab-separated words each, so that a
/// driver can let several systems take turns:
///
///     query THREADS cold|warm REPETITIONS TEXT     milliseconds of each repetition: prepared once, run each time
///     cancel TEXT                                   milliseconds from asking a running query to stop to its end
///     dump THREADS FOLDER TEXT                      the columns of the result as plain files
///     read THREADS REPETITIONS FILE…                milliseconds to add up every byte of files in memory
///
/// Every answer is one line of JSON.
@main
struct Measure {
  static func main() async {
    guard CommandLine.arguments.count > 1 else {
      print("usage: measure FOLDER")
      exit(2)
    }
    do {
      // As an embedder does who runs one query after the other; DuckDB and Polars keep their memory too.
      KeptMemory.keep(upTo: 1 << 30, fromAllThreads: true, ofAnySize: true)
      let start = ContinuousClock.now
      let engine = try Engine(.folder(CommandLine.arguments[1]))
      say("{\"opened\": \(milliseconds(since: start))}")
      let queries = Queries(engine: engine)
      while let line = readLine() {
        let words = line.split(separator: "\t").map(String.init)
        switch (words.first, words.count) {
        case ("query", 5): say(try await queries.timed(words))
        case ("cancel", 2): say(try await queries.cancelled(words[1]))
        case ("dump", 4): say(try await queries.dump(words[3], to: words[2], threads: Int(words[1])))
        case ("read", 4...): say(try Reading.timed(words))
        default: say("{\"error\": \"unknown command\"}")
        }
      }
    } catch let error as Diagnostics {
      print("error: \(error.rendered)")
      exit(1)
    } catch {
      print("error: \(error)")
      exit(1)
    }
  }
}

func milliseconds(since start: ContinuousClock.Instant) -> Double {
  let elapsed = ContinuousClock.now - start
  return Double(elapsed.components.seconds) * 1_000 + Double(elapsed.components.attoseconds) / 1e15
}

/// A line to the driver, at once.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
