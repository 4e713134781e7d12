import Glibc

/// What is free on the disk that a file is on.
enum Room {
    /// Throws unless so many bytes are free beside the file, for whoever may write there.
    static func require(_ bytes: Int, beside path: String) throws {
        var found = statvfs()
        guard unsafe statvfs(path, &found) == 0 else { throw FileTrouble(path, errno) }
        let free = Int(clamping: UInt64(found.f_bavail) &* UInt64(found.f_frsize))
        guard free >= bytes else { throw NoRoom(needed: bytes, free: free) }
    }
}

/// A copy is not begun, or not ended, since changes will want what is free.
struct NoRoom: Error, CustomStringConvertible {
    let needed: Int
    let free: Int

    var description: String {
        "\(megabytes(needed)) must be free beside the store for a copy of it, "
            + "and there are \(megabytes(free))"
    }

    private func megabytes(_ bytes: Int) -> String { "\(bytes >> 20) MB" }
}
