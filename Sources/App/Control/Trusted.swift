import Glibc

/// Who may be told what a command asks, and believed when they answer: the user who runs the
/// command, root, and the owner of the data folder.
struct Trusted: Sendable {
    let users: Set<uid_t>

    init(users: Set<uid_t>) {
        self.users = users
    }

    init(with folder: String) {
        var users: Set<uid_t> = [geteuid(), 0]
        var found = stat()
        if unsafe stat(folder, &found) == 0 { users.insert(found.st_uid) }
        self.init(users: users)
    }

    /// A link is its own owner's, whatever it leads to.
    func owns(_ file: String) -> Bool {
        var found = stat()
        guard unsafe lstat(file, &found) == 0 else { return false }
        return users.contains(found.st_uid)
    }
}
