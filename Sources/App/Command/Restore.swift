import Basics
import FoundationEssentials
import ProofLog
import Store

/// `kith restore`: makes a store again from a backup, or from what was shipped, as it was at any
/// time that is kept. It verifies what it made, and tells how long it took.
struct Restore {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> Int32 {
        guard let place = options["from"], let data = options["to"] else {
            throw Unusable(
                "usage: kith restore --from PLACE --to DIR [--at TIME] [--backup-key FILE]"
            )
        }
        let time = try time()
        let key = try Opening.backupKey(options)
        let started = ContinuousClock.now
        var isFolder = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            throw Unusable("there is nothing at \(place)")
        }
        let isNew = try prepare(data)
        let store = Opening.storePath(data)
        var moment = ""
        do {
            if isFolder {
                let restored = try SecondPlace.restore(
                    from: place,
                    at: time,
                    to: store,
                    despiteDamage: options.isOn("despite-damage"),
                    key,
                    finish: mark
                )
                tell(restored, place)
                moment = " as it was at \(restored.time.timestamp)"
            } else {
                guard time == nil else {
                    throw Unusable("\(place) holds one moment only: leave --at out")
                }
                try BackupFile.open(place, to: store, key, finish: mark)
            }
        } catch {
            if isNew { try? FileManager.default.removeItem(atPath: data) }
            throw error
        }
        let problems = try Verify.problems(at: store, Opening.migrations(options))
        for problem in problems { Output.line(problem) }
        let took = started.duration(to: .now).inSeconds
        guard problems.isEmpty else {
            Output.line("Restored \(store)\(moment) in \(took), and it is not whole")
            return 1
        }
        Output.line("Restored \(store)\(moment), and verified it, in \(took)")
        return 0
    }

    private func time() throws -> Instant? {
        try options["at"].map { text in
            guard let time = Instant(timestamp: text) else {
                throw Unusable(
                    "--at must be a time with its offset, as 2026-11-21T09:00:00Z "
                        + "or 2026-11-21T09:00:00.250+01:00"
                )
            }
            return time
        }
    }

    /// True if the folder was made; one that holds something is left alone.
    private func prepare(_ data: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: data) else {
            try Opening.folder(data)
            return true
        }
        guard try FileManager.default.contentsOfDirectory(atPath: data).isEmpty else {
            throw Unusable("\(data) is not empty and was left as it is")
        }
        return false
    }

    /// Before it has the name by which it could be served, since its logs must not go on under the
    /// origin they had.
    private func mark(_ unfinished: String) throws {
        defer {
            for end in [".lock", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: unfinished + end)
            }
        }
        do {
            let database = try Database(file: unfinished)
            defer { database.close() }
            try Restoring.mark(database)
        } catch let error
            where error is StoreRefusedToOpen || error as? StoreUnavailable == .suspect
        {
            // It may be all that is left of a community.
            Output.line("It is too damaged to be marked as restored: look at it, do not serve it")
        }
    }

    private func tell(_ restored: Restored, _ place: String) {
        if restored.damagedBases > 0 {
            Output.line("In \(place) \(restored.damagedBases) of the bases could not be used")
        }
        if let ahead = restored.ahead {
            Output.line(
                "The clock was set back before then: what was changed earlier is in it, "
                    + "also what was given a later time, up to \(ahead.timestamp)"
            )
        }
        switch restored.ending {
        case .whole: break
        case .cutOff: Output.line("The last shipment was cut off while it was being written")
        case .gap(let end):
            Output.line(
                "From then until \(end.timestamp) nothing was shipped: what changed is not in it"
            )
        case .damaged: Output.line("Whatever followed is damaged or missing")
        }
    }
}
