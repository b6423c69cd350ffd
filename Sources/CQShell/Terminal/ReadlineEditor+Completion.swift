#if Readline
  import CQRender
  import ClusterQuery
  @unsafe @preconcurrency import CReadline
  import Glibc

  // Tab. Readline finds the word by the break characters that the span of the completion asks for, replaces it by what
  // all candidates share, and lets this file show them. So `menu-complete` and the other commands of `~/.inputrc` work.

  extension ReadlineEditor {
    /// The answer for the line as it is, between finding the word and showing the candidates.
    private static var found: Completion?
    private static var paints = TextStyle(isColored: false)

    func installCompletion(isColored: Bool) {
      Self.paints = TextStyle(isColored: isColored)
      // Before the user's own `~/.inputrc`, which may say otherwise.
      unsafe rl_variable_bind("show-all-if-ambiguous", "on")
      unsafe rl_completer_quote_characters = nil
      unsafe rl_basic_quote_characters = UnsafePointer(strdup(""))
      rl_sort_completion_matches = 0
      rl_ignore_completion_duplicates = 0
      unsafe rl_completion_word_break_hook = {
        let breaks = MainActor.assumeIsolated { unsafe Int(bitPattern: ReadlineEditor.findWord()) }
        return unsafe UnsafeMutablePointer(bitPattern: breaks)
      }
      unsafe rl_attempted_completion_function = { _, start, _ in
        rl_attempted_completion_over = 1
        let matches = MainActor.assumeIsolated { unsafe Int(bitPattern: ReadlineEditor.matches(from: Int(start))) }
        return unsafe UnsafeMutablePointer(bitPattern: matches)
      }
      unsafe rl_completion_display_matches_hook = { _, _, _ in
        MainActor.assumeIsolated { ReadlineEditor.showCandidates() }
      }
    }

    /// Looks at the line, and says which characters end the word before the cursor.
    private static func findWord() -> UnsafeMutablePointer<CChar>? {
      let line = unsafe String(cString: rl_line_buffer)
      let cursor = Int(rl_point)
      let completion = current?.completion?(line, cursor) ?? Completion(span: TextSpan(cursor, cursor))
      found = completion
      // The word begins behind the last break character before the cursor: exactly the byte before the span.
      let bytes = Array(line.utf8)
      let start = min(completion.span.start, bytes.count)
      let word = Set(bytes[start..<min(cursor, bytes.count)])
      var breaks = [UInt8](" \t\n\"'`@$><=;|&{(,:[.!/*+-^".utf8).filter { !word.contains($0) }
      if start > 0, !word.contains(bytes[start - 1]) { breaks.append(bytes[start - 1]) }
      unsafe free(breakCharacters)
      unsafe breakCharacters = strdup(String(decoding: breaks, as: UTF8.self))
      return unsafe breakCharacters
    }

    private static var breakCharacters: UnsafeMutablePointer<CChar>?

    /// What readline puts in place of the word, then the candidates; nil for none.
    private static func matches(from start: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
      guard let completion = found, start == completion.span.start else { return nil }
      let candidates = completion.candidates
      rl_completion_append_character = 0
      rl_completion_suppress_append = 1
      guard let first = candidates.first else {
        if completion.hint != nil { showHint() }
        return nil
      }
      let typed = typedText(from: start)
      let single = candidates.count == 1 && completion.omittedCount == 0
      var common = completion.commonText ?? typed
      // Where names match by their words, what they share may be less than what was typed.
      if common.utf8.count < typed.utf8.count { common = typed }
      let replacement = single ? first.text + first.suffix : common
      // The rest of the word behind the cursor is replaced as well.
      if replacement != typed, completion.span.end > Int(rl_point) { rl_point = Int32(completion.span.end) }
      let texts = single ? [replacement] : [replacement] + candidates.map(\.text)
      // SAFETY: readline frees the array and its texts; the last place stays nil.
      let array = unsafe UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>(
        OpaquePointer(calloc(texts.count + 1, MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)))
      guard let array = unsafe array else { return nil }
      for (index, text) in texts.enumerated() { unsafe array[index] = strdup(text) }
      return unsafe array
    }

    private static func typedText(from start: Int) -> String {
      let bytes = Array(unsafe String(cString: rl_line_buffer).utf8)
      return String(
        decoding: bytes[min(start, bytes.count)..<min(max(start, Int(rl_point)), bytes.count)], as: UTF8.self)
    }

    // MARK: - Showing

    private static func showHint() {
      guard let completion = found else { return }
      show(CandidateList(completion, width: Terminal.width(of: 1) ?? 80, height: Terminal.height(of: 1) ?? 24))
    }

    private static func showCandidates() {
      guard let completion = found else { return }
      show(CandidateList(completion, width: Terminal.width(of: 1) ?? 80, height: Terminal.height(of: 1) ?? 24))
    }

    private static func show(_ list: CandidateList) {
      unsafe fputs("\n" + list.text(paints), stdout)
      unsafe fflush(stdout)
      rl_forced_update_display()
    }
  }
#endif
