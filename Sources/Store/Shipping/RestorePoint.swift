import Basics

/// How far to go to have the store as it was at a time.
///
/// A clock may be set forward and back, and each change has the time it was made at by that clock.
/// So what is wanted is everything up to the last change, in the order in which they were made,
/// that has no later time.
struct RestorePoint {
    private struct Place {
        let file: ShipmentName
        let index: Int
    }

    let limit: Instant
    /// The bases that one can begin with.
    private(set) var bases: [ShipmentName]
    /// The latest time of anything before the point, if it is later than what was asked for.
    private(set) var ahead: Instant?
    private var latest = Instant(milliseconds: .min)
    /// The last shipment whose time, which is that of its last change, is not too late.
    private var last: Place?

    /// Looks at every label, but where everything is wanted. Those that cannot be read are met
    /// again on the way.
    init(at limit: Instant?, in files: ShippedFiles) throws {
        let all = try files.names(.base)
        self.limit = limit ?? Instant(milliseconds: .max)
        bases = all
        guard limit != nil else { return }
        bases = []
        var passed = 0
        for file in try files.names(.log) {
            var index = 0
            _ = try? ShipmentFile.labels(files.path(of: file)) { label in
                // A base follows the shipment whose number it has.
                while passed < all.count, all[passed].sequence < label.sequence {
                    passed += 1
                    pass(all[passed - 1].time, nil, all[..<passed])
                }
                pass(label.time, Place(file: file, index: index), all[..<passed])
                index += 1
            }
        }
        for count in passed..<all.count { pass(all[count].time, nil, all[...count]) }
    }

    private mutating func pass(_ time: Instant, _ place: Place?, _ bases: ArraySlice<ShipmentName>)
    {
        latest = max(latest, time)
        guard time <= limit else { return }
        self.bases = Array(bases)
        ahead = latest > limit ? latest : nil
        if let place { last = place }
    }

    /// Up to when the changes in a shipment are wanted. In the one that follows the last, some of
    /// the first may be.
    func limit(of file: ShipmentName, _ index: Int) -> Instant {
        guard let last else { return limit }
        let isWhole =
            (file.sequence, file.time, index) <= (last.file.sequence, last.file.time, last.index)
        return isWhole ? Instant(milliseconds: .max) : limit
    }
}
