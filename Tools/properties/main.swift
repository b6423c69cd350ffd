import CQSyntax
import Dispatch
import Foundation
import Synchronization

// swift run -c release properties [texts] [first]
//
// Reads that many generated texts, and formats every third of those that parse. Every text comes from its number, counted from `first`,
// alone: `properties 1 4711` repeats number 4711. A text that takes longer than `secondsAllowed` counts as a loop.

let secondsAllowed = 5.0
let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
let count = numbers.first ?? 100_000
let first = numbers.dropFirst().first ?? 0

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("error: \(message)\n".utf8))
  exit(1)
}

let corpus = try ShippedPrograms.all().map(\.text).filter { $0.utf8.count < 1_500 } + Corpus.programs
let generator = TextGenerator(corpus: corpus)
let counts = Mutex<(formatted: Int, refused: Int, slowest: Double)>((0, 0, 0))
let start = Date()

func check(_ seed: UInt64) {
  let text = generator.text(seed: seed)
  let began = Date()
  let isProgram = TextGenerator.kind(of: seed) == .program
  let isValid = parse(text).diagnostics.isEmpty
  let isFormatted = isValid && (seed % 3 == 0 || count == 1)
  let fault = Properties.faultOfReading(text) ?? (isFormatted ? Properties.faultOfFormatting(text) : nil)
  if let fault { fail("number \(seed): \(fault)\n---- of\n\(text)") }
  let seconds = Date().timeIntervalSince(began)
  if seconds > secondsAllowed { fail("number \(seed) took \(seconds) s\n---- of\n\(text)") }
  counts.withLock {
    if isFormatted { $0.formatted += 1 }
    if isProgram, !isValid { $0.refused += 1 }
    $0.slowest = max($0.slowest, seconds)
  }
}

// Whole programs first: every file and every block of the documents.
for program in corpus where parse(program).diagnostics.isEmpty {
  if let fault = Properties.faultOfReading(program) ?? Properties.faultOfFormatting(program) {
    fail(fault + "\n" + program)
  }
}
let chunk: UInt64 = 500
DispatchQueue.concurrentPerform(iterations: Int((count + chunk - 1) / chunk)) { index in
  let from = first + UInt64(index) * chunk
  for seed in from..<min(from + chunk, first + count) { check(seed) }
}
let (formatted, refused, slowest) = counts.withLock { $0 }
// The generator is meant to write valid programs; were it to stop doing so, the test would say nothing.
if count >= 1_000, refused * 50 > Int(count) { fail("\(refused) programs of the generator do not parse") }
print(
  "\(corpus.count) programs of this package and \(count) generated texts read and given back; \(formatted) of these",
  "formatted twice; slowest \(Int(slowest * 1_000)) ms; \(Int(Date().timeIntervalSince(start) * 1_000)) ms in all")
