/// What `apply` would come to, found out while another process serves the store.
extension Migrations {
    package enum Outcome: Sendable {
        /// There is nothing in it yet.
        case empty
        case upToDate
        /// Something is missing, which `rehearse` tries.
        case behind
    }

    /// Reads what was done to a store. Throws as `apply` does, if a migration was changed after it
    /// ran, or the store is newer than this program.
    package func outcome(in data: borrowing Snapshot) throws -> Outcome {
        let missing = try missing(in: data)
        guard !missing.isEmpty else { return .upToDate }
        return missing.count == all.count ? .empty : .behind
    }

    /// Applies what is missing to a copy of the store, which is gone afterwards. Throws what would
    /// keep `apply` from succeeding, with the data that is there.
    package func rehearse(on path: String) throws {
        let folder = try TemporaryFolder()
        let copy = folder.path + "/store.db"
        do {
            try Database.glance(at: path) { try $0.connection.copy(to: copy) }
        } catch {
            throw StoreRefusedToOpen(
                description: "what is new in the schema cannot be tried on a copy of the store, "
                    + "in \(folder.path): \(error)"
            )
        }
        try apply(to: copy)
    }

    /// Applies all to a new store, which is gone afterwards.
    package func rehearse() throws {
        let folder = try TemporaryFolder()
        try apply(to: folder.path + "/store.db")
    }

    private func apply(to path: String) throws {
        var options = Database.Options()
        options.isDurable = false
        let database = try Database(file: path, options: options)
        defer { database.close() }
        try apply(to: database)
    }
}
