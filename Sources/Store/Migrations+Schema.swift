extension Migrations {
    /// The schema a store really has, in one fixed spelling, to be compared and read.
    package static func schema(of database: Database) throws -> String {
        try database.read { try parts(in: $0) }.map { $0.text + ";\n" }.joined(separator: "\n")
    }

    /// Where a store's schema is not what these migrations make, a line each: whoever has the file
    /// may have dropped a trigger that keeps rows from being changed, or added one that does more.
    /// For a store that has run all of them.
    package func schemaDifferences(in data: borrowing Snapshot) throws -> [String] {
        let folder = try TemporaryFolder()
        let fresh = try Database(file: folder.path + "/schema.db")
        defer { fresh.close() }
        try apply(to: fresh)
        let made = try fresh.read { try Self.parts(in: $0) }
        let found = try Self.parts(in: data)
        let texts = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.text) })
        let known = Set(made.map(\.name))
        return made.compactMap { part in
            guard let text = texts[part.name] else { return "\(part) is missing" }
            return text == part.text ? nil : "\(part) is not as its migration made it"
        } + found.filter { !known.contains($0.name) }.map { "\($0) is made by no migration" }
    }

    /// A table, index or trigger. In one schema a name stands for one of them.
    private struct Part: CustomStringConvertible {
        let kind: String
        let name: String
        let text: String

        var description: String { "schema: the \(kind) \(name)" }
    }

    /// But for those that SQLite keeps for itself, and the table that counts migrations.
    private static func parts(in data: borrowing Snapshot) throws -> [Part] {
        try data.all(
            """
            SELECT type, name, sql FROM sqlite_schema
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                AND name <> 'store_migration'
            ORDER BY tbl_name, CASE type WHEN 'table' THEN 0 ELSE 1 END, name
            """
        ) { row in
            Part(kind: try row[0], name: try row[1], text: try row[2])
        }
    }
}
