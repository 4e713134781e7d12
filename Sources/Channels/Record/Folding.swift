import Basics
import Identity

/// Equal lines that follow one another on a day, told once. Nothing is hidden: how often and when
/// stays with it.
struct Folded: Sendable {
    /// The newest of them.
    let row: AuditRow
    let day: CivilDay
    /// Newest first.
    private(set) var times: [CivilTime]

    /// Takes the lines as the audit gives them, newest first.
    static func fold(_ rows: [AuditRow], in zone: CivilZone) -> [Folded] {
        var folded: [Folded] = []
        for row in rows {
            let day = zone.day(of: row.at)
            let time = zone.time(of: row.at)
            if let last = folded.indices.last, folded[last].day == day,
                folded[last].row.tellsTheSame(as: row)
            {
                folded[last].times.append(time)
            } else {
                folded.append(Folded(row: row, day: day, times: [time]))
            }
        }
        return folded
    }
}

extension AuditRow {
    fileprivate func tellsTheSame(as other: AuditRow) -> Bool {
        actor == other.actor && onBehalfOf == other.onBehalfOf && grant == other.grant
            && subject == other.subject && action == other.action && kind == other.kind
            && reference == other.reference && reason == other.reason
    }
}
