/// Why a log does not give back everything that was promised to be in it.
enum LogDamage: Equatable, CustomStringConvertible {
    case lost(atLeast: Int)
    /// SQLite would take the log for empty, but all of it can be read.
    case header(commits: Int)
    /// Nor can it be read how much was behind.
    case beginning

    var description: String {
        switch self {
        case .lost(let commits):
            "the log is damaged: at least \(commits) commits in it are lost"
        case .header(let commits):
            "the header of the log is damaged, and commits behind it, \(commits) at most, "
                + "are not in the file"
        case .beginning:
            "the log is damaged from its header on: "
                + "which commits it held, if any, cannot be known"
        }
    }

    var remedy: String {
        switch self {
        case .lost, .beginning:
            "Restore it from its second place or a backup; or, to go on without them, "
                + "back it up as it is with `kith backup` and restore that"
        case .header:
            "To go on with them, back it up with `kith backup`, which still reads them, "
                + "and restore that"
        }
    }
}
