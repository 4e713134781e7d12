package import Basics
import CSQLite
import FoundationEssentials

extension Database {
    /// Opens a store to look at, and leaves it exactly as it is. One that another process serves
    /// is copied first, so that looking, however long, holds nobody up; so is one whose process
    /// died, since its last changes are still in the log.
    package static func open(
        forReading path: String,
        time: TimeSource = .system
    ) throws -> Database {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreRefusedToOpen(description: "there is no store at \(path)")
        }
        guard let lock = try FileLock(lookingAt: path) else {
            let folder = try TemporaryFolder()
            let copy = folder.path + "/store.db"
            let connection = try Connection.reader(path)
            try connection.reading(limit: .max / 2) { try connection.copy(to: copy) }
            return Database(resting: copy, time: time, kept: folder)
        }
        guard FileMark(of: path)?.hasLog == true else {
            return Database(resting: path, time: time, kept: lock)
        }
        let damage = try WriteAheadLog.damage(of: path)
        let folder = try TemporaryFolder()
        let copy = folder.path + "/store.db"
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        try FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
        // Reading the log into the file is what the next start would do, here done to the copy.
        var options = Options()
        options.takesDamagedLog = true
        try Database(file: copy, options: options).close()
        guard FileMark(of: copy)?.hasLog == false else {
            throw StoreRefusedToOpen(
                description: "the log of \(path) could not be read into a copy of it: "
                    + "is there room in \(folder.path)?"
            )
        }
        return Database(resting: copy, time: time, kept: folder, logDamage: damage)
    }

    package var logProblem: String? { logDamage?.description }

    /// For whoever must not take what is left of a store for all of it.
    package func requireSoundLog() throws {
        guard let logDamage else { return }
        throw StoreRefusedToOpen(description: "\(logDamage). \(logDamage.remedy)")
    }

    /// Everything SQLite can say against the file, one line each. An empty list is good news.
    package func check() throws -> [String] {
        var problems = logProblem.map { [$0] } ?? []
        do {
            try reading { connection in
                try connection.with("PRAGMA integrity_check", .control) { running in
                    while try running.step() {
                        let line: String = try running.row[0]
                        if line != "ok" { problems.append(line) }
                    }
                }
                try connection.with("PRAGMA foreign_key_check", .control) { running in
                    while try running.step() {
                        let table: String = try running.row[0]
                        let row: Int64? = try running.row[1]
                        let parent: String = try running.row[2]
                        problems.append(
                            "row \(row ?? 0) of \(table) refers to a row of \(parent) that is not there"
                        )
                    }
                }
            }
        } catch StoreUnavailable.suspect {
            problems.append("the file is damaged where it cannot be looked through")
        }
        return problems
    }
}
