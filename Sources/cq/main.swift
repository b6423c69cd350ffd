import CQBundledData
import CQShell
import ClusterQuery
import Glibc

exit(CommandLineTool.run(arguments: Array(CommandLine.arguments.dropFirst())) { .bundled })
