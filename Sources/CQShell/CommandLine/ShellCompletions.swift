/// Scripts that make Tab complete the command line in bash, zsh and fish, made from the tables of options and commands.
enum ShellCompletions: String, CaseIterable, Sendable {
  case bash, zsh, fish

  var script: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }

  private static var commands: [(name: String, summary: String)] {
    Subcommand.allCases.map { ($0.rawValue, $0.description.summary) }
  }

  private static var optionNames: [String] { OptionDescription.all.flatMap(\.names) + ["-e", "--help", "--version"] }

  /// Options whose values are words of a list.
  private static var choices: [(names: [String], words: [String])] {
    OptionDescription.all.filter { !$0.words.isEmpty }.map { ($0.names, $0.words) }
  }

  // MARK: - bash

  private static var bashScript: String {
    let values = choices.map { names, words in
      "    \(names.joined(separator: "|"))) COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- \"$word\")); return ;;"
    }
    let subcommands = Subcommand.allCases.map { command -> String in
      let own = (command.description.options.map(\.name) + command.description.sharedOptions + ["--help"])
        .joined(separator: " ")
      let operands: String
      if command == .explain {
        operands = "COMPREPLY=($(compgen -W \"$(cq explain 2>/dev/null | cut -d' ' -f1)\" -- \"${word^^}\"))"
      } else if !command.description.words.isEmpty {
        operands = "COMPREPLY=($(compgen -W '\(command.description.words.joined(separator: " "))' -- \"$word\"))"
      } else if command.description.fileEndings.isEmpty {
        operands = ":"
      } else {
        operands = "_cq_files '\(command.description.fileEndings.joined(separator: " "))'"
      }
      return """
            \(command.rawValue))
              if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '\(own)' -- "$word"))
              else \(operands); fi
              return ;;
        """
    }
    return """
      # Tab for cq in bash: source <(cq completions bash)

      _cq_files() {
        local ending
        COMPREPLY=($(compgen -d -S / -- "$word"))
        for ending in $1; do
          COMPREPLY+=($(compgen -f -X "!*$ending" -- "$word"))
        done
        [[ ${COMPREPLY[0]} == */ ]] && compopt -o nospace
      }

      _cq() {
        local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= index
        COMPREPLY=()
        case $previous in
      \(values.joined(separator: "\n"))
          -o|--output) COMPREPLY=($(compgen -f -- "$word")); return ;;
          -e|--in|--width|--rows|--limit-time|--limit-cells|--limit-rows) return ;;
        esac
        for ((index = 1; index < COMP_CWORD; index++)); do
          case ${COMP_WORDS[index]} in
            -*) ;;
            *) command=${COMP_WORDS[index]}; break ;;
          esac
        done
        case $command in
      \(subcommands.joined(separator: "\n"))
          '')
            if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '\(optionNames.joined(separator: " "))' -- "$word"))
            else
              _cq_files .cq
              COMPREPLY+=($(compgen -W '\(commands.map(\.name).joined(separator: " "))' -- "$word"))
            fi ;;
          *)
            # The values that the script takes.
            [[ $word == -* ]] && COMPREPLY=($(compgen -W "\(optionNames.joined(separator: " ")) \\
              $(cq "$command" --help 2>/dev/null | grep -o '^  --[^ ]*')" -- "$word")) ;;
        esac
      }

      complete -F _cq cq

      """
  }

  // MARK: - zsh

  private static var zshScript: String {
    func quoted(_ text: String) -> String {
      text.replacing("'", with: "'\\''").replacing("[", with: "(").replacing("]", with: ")").replacing(":", with: "\\:")
    }
    let options = OptionDescription.all.flatMap { option in
      option.names.map { name -> String in
        guard let value = option.valueName else { return "'\(name)[\(quoted(option.summary))]'" }
        let action =
          !option.words.isEmpty ? "(\(option.words.joined(separator: " ")))" : value == "FILE" ? "_files" : " "
        return "'\(name)[\(quoted(option.summary))]:\(value):\(action)'"
      }
    }
    let shared = options + ["'-e[a query]:QUERY: '", "'--help[help]'", "'--version[the version]'"]
    let subcommands = Subcommand.allCases.map { command -> String in
      let own = command.description.options.map { "'\($0.name)[\(quoted($0.summary))]'" }
      let operands: String
      if command == .explain {
        operands = "'*:code:(${(f)\"$(cq explain 2>/dev/null | cut -d\" \" -f1)\"})'"
      } else if !command.description.words.isEmpty {
        operands = "'*:word:(\(command.description.words.joined(separator: " ")))'"
      } else if command.description.fileEndings.isEmpty {
        operands = ""
      } else {
        let globs = command.description.fileEndings.map { "*\($0)" }.joined(separator: "|")
        operands = "'*:file:_files -g \"(\(globs))(-.)\"'"
      }
      return "      \(command.rawValue)) _arguments $shared \((own + [operands]).joined(separator: " ")) ;;"
    }
    return """
      #compdef cq
      # Tab for cq in zsh: cq completions zsh > ~/.zfunc/_cq, with ~/.zfunc in fpath

      _cq() {
        local -a shared commands
        shared=(
          \(shared.joined(separator: "\n    "))
        )
        commands=(
          \(commands.map { "'\($0.name):\(quoted($0.summary))'" }.joined(separator: "\n    "))
        )
        if (( CURRENT == 2 )) && [[ $words[CURRENT] != -* ]]; then
          _describe command commands
          _files -g '*.cq(-.)'
          return
        fi
        local command=$words[2]
        case $command in
      \(subcommands.joined(separator: "\n"))
          *) _arguments $shared '*:file:_files -g "*.cq(-.)"' ;;
        esac
      }

      if [ "$funcstack[1]" = "_cq" ]; then _cq "$@"; else compdef _cq cq; fi

      """
  }

  // MARK: - fish

  private static var fishScript: String {
    func quoted(_ text: String) -> String {
      "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
    var lines = [
      "# Tab for cq in fish: cq completions fish > ~/.config/fish/completions/cq.fish", "complete -c cq -f",
    ]
    for command in commands {
      lines.append("complete -c cq -n __fish_use_subcommand -a \(command.name) -d \(quoted(command.summary))")
    }
    lines.append("complete -c cq -n __fish_use_subcommand -a '(__fish_complete_suffix .cq)'")
    for option in OptionDescription.all {
      let names = option.names.map { $0.hasPrefix("--") ? "-l \($0.dropFirst(2))" : "-s \($0.dropFirst())" }
      var line = "complete -c cq \(names.joined(separator: " ")) -d \(quoted(option.summary))"
      if let value = option.valueName {
        line += value == "FILE" ? " -r -F" : " -x"
        if !option.words.isEmpty { line += " -a \(quoted(option.words.joined(separator: " ")))" }
      }
      lines.append(line)
    }
    lines += [
      "complete -c cq -s e -x -d 'a query'", "complete -c cq -s h -l help -d help",
      "complete -c cq -l version -d 'the version'",
    ]
    for command in Subcommand.allCases {
      let condition = "-n '__fish_seen_subcommand_from \(command.rawValue)'"
      for option in command.description.options {
        lines.append("complete -c cq \(condition) -l \(option.name.dropFirst(2)) -d \(quoted(option.summary))")
      }
      if command == .explain {
        lines.append("complete -c cq \(condition) -a '(cq explain 2>/dev/null | string replace -r \"  +\" \\t)'")
      } else if !command.description.words.isEmpty {
        lines.append("complete -c cq \(condition) -a \(quoted(command.description.words.joined(separator: " ")))")
      } else {
        for ending in command.description.fileEndings {
          lines.append("complete -c cq \(condition) -a '(__fish_complete_suffix \(ending))'")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
