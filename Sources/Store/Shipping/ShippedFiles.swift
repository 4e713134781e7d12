import Basics
import FoundationEssentials

/// The files that were shipped, in one folder.
struct ShippedFiles: Sendable {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    func path(of name: ShipmentName) -> String { "\(path)/\(name.text)" }

    /// In order. A base that is still being made has another name.
    func names(_ kind: ShipmentName.Kind) throws -> [ShipmentName] {
        try FileManager.default.contentsOfDirectory(atPath: path)
            .compactMap { ShipmentName($0) }
            .filter { $0.kind == kind }
            .sorted { ($0.sequence, $0.time) < ($1.sequence, $1.time) }
    }

    /// The logs in which something after this number may be.
    func logs(after sequence: Int64) throws -> ArraySlice<ShipmentName> {
        let all = try names(.log)
        let begin = all.last { $0.sequence <= sequence + 1 }?.sequence ?? 0
        // Several may begin with the same number, if one was cut off.
        return all[(all.firstIndex { $0.sequence >= begin } ?? all.endIndex)...]
    }

    /// Looks at the labels alone, since a process that starts has no time to read everything. What
    /// is damaged is found by a restore.
    func survey() throws -> ShippingSurvey {
        var survey = ShippingSurvey()
        if let base = try names(.base).last {
            survey.lastBase = base
            survey.start = base.sequence
            try ShipmentFile.read(path(of: base)) { label, _ in
                survey.last = label
                return false
            }
        }
        let base = survey.lastBase?.sequence ?? -1
        var expected = base
        for log in try logs(after: expected) {
            let end = try ShipmentFile.labels(path(of: log)) { label in
                guard label.sequence > base else { return }
                if label.sequence > expected + 1 { survey.isCovered = false }
                expected = label.sequence
                survey.last = label
            }
            // A number that was cut off is given again; one that is damaged is not.
            survey.start = max(survey.start, log.sequence - (end == .damaged ? 0 : 1))
        }
        if survey.lastBase == nil { survey.isCovered = false }
        return survey
    }

    /// A clock that is ahead for a moment must cost nothing: what the newest base says of the time
    /// counts only as far as one bears it out that was made half a period before, or earlier.
    func prune(keepMinutes: Int64, baseMinutes: Int64) throws {
        let bases = try names(.base)
        guard let newest = bases.last,
            let witness = bases.dropLast().last(where: {
                $0.time <= newest.time.adding(minutes: -baseMinutes / 2)
            })
        else { return }
        let now = min(newest.time, witness.time.adding(minutes: baseMinutes))
        let limit = now.adding(minutes: -keepMinutes)
        // One that is newer, but has an earlier time, does not make up for those before it.
        guard let oldest = bases.prefix(while: { $0.time <= limit }).last else { return }
        for name in bases where name.sequence < oldest.sequence { try remove(name) }
        let logs = try names(.log)
        for (log, next) in zip(logs, logs.dropFirst()) where next.sequence <= oldest.sequence {
            try remove(log)
        }
    }

    private func remove(_ name: ShipmentName) throws {
        try FileManager.default.removeItem(atPath: path(of: name))
    }
}
