/// How a period code is written: 2019 is the year `2019`, 20191 its first quarter `2019Q1`.
public func periodText(_ code: some BinaryInteger) -> String {
  code > 9_999 ? "\(code / 10)Q\(code % 10)" : "\(code)"
}
