import Glibc

// A client that goes away while we write to it is no reason to stop.
signal(SIGPIPE, SIG_IGN)
// Whoever started us may have ignored it, and then nobody could learn how a command of ours ended.
signal(SIGCHLD, SIG_DFL)
let code = Command.run(Array(CommandLine.arguments.dropFirst()))
Output.finish()
exit(code)
