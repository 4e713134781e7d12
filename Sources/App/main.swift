import Glibc

// A client that goes away while we write to it is no reason to stop.
signal(SIGPIPE, SIG_IGN)
let code = Command.run(Array(CommandLine.arguments.dropFirst()))
Output.finish()
exit(code)
