import Testing

@testable import App
@testable import Store

/// Each page must cost as much in ten years as today, so nothing that it asks may go through a
/// whole table that grows.
@Suite struct QueryPlanTests {
    /// What stays small whatever a community does: the schema, what was just found by an index, and
    /// the indexes of what waits to be done.
    private static let small: Set<String> = [
        "sqlite_master", "account", "newer", "latest", "relationships_hat_requested",
        "transactions_care_log_due",
    ]

    /// Statements whose only condition is where a page begins.
    private static let pagesByID = [
        "FROM transactions_payment_run WHERE id < ? ORDER BY id DESC LIMIT ?",
        "WHERE position < ? AND TRUE ORDER BY position DESC LIMIT ?",
    ]

    @Test func `nothing that a page asks goes through a whole table`() throws {
        let rig = try Rig()
        for member in Demonstration.cast {
            let browser = try rig.browser(member.username)
            for path in try rig.links(for: browser) { _ = try browser.get(path) }
        }
        let texts = Set(try rig.database.texts)
        #expect(texts.count > 60)
        try rig.database.alone { connection in
            for text in texts where !text.hasPrefix("PRAGMA") {
                for step in try Self.plan(of: text, on: connection) {
                    guard let table = Self.scanned(step, in: text), !Self.small.contains(table)
                    else {
                        continue
                    }
                    Issue.record("\(step) in \(text)")
                }
            }
        }
    }

    private static func plan(of text: String, on connection: Connection) throws -> [String] {
        let statement = try Statement("EXPLAIN QUERY PLAN " + text, on: connection)
        var steps: [String] = []
        while try statement.step() { steps.append(try statement.row[3]) }
        statement.reset()
        return steps
    }

    /// The table, or the index of it, that a step may go through from end to end.
    private static func scanned(_ step: String, in text: String) -> String? {
        let words = step.split(separator: " ")
        // A range of ids alone: all of them, but where nothing else is asked and a page is full soon.
        if step.contains("USING INTEGER PRIMARY KEY (rowid<?)")
            || step.contains("USING INTEGER PRIMARY KEY (rowid>?)")
        {
            let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return pagesByID.contains { line.contains($0) } ? nil : String(words[1])
        }
        guard words.first == "SCAN", words.count > 1, !step.hasPrefix("SCAN CONSTANT"),
            words[1].first != "("
        else { return nil }
        return String(words.count > 4 && words[2] == "USING" ? words[words.count - 1] : words[1])
    }
}
