import Foundation
package import Store

/// Changes a store behind the program's back, as somebody with the file would who leaves
/// no trace in the schema.
package enum Tampering {
    package static func run(_ statement: String, on database: Database) throws {
        let triggers = try database.read { data in
            try data.all("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'") { row in
                let trigger: (String, String) = (try row[0], try row[1])
                return trigger
            }
        }
        let script =
            triggers.map { "DROP TRIGGER \($0.0);" }.joined() + "PRAGMA foreign_keys = OFF;"
            + statement + ";" + triggers.map { "\($0.1);" }.joined()
        let run = try ChildProcess.run(
            "/usr/bin/sqlite3",
            ["-cmd", ".timeout 5000", database.path, script]
        )
        guard run.ending == .exited(0) else { throw TamperingFailed(script: script) }
    }
}

package struct TamperingFailed: Error {
    let script: String
}
