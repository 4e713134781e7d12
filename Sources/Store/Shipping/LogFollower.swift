import Basics
import Synchronization

/// Follows the log from one shipment to the next.
final class LogFollower: Sendable {
    private enum Standing: Equatable {
        /// What the place holds has not been looked at.
        case unknown
        /// The thread is lost: nothing can be shipped before a base has its point.
        case cut
        /// Shipped up to here.
        case following(LogPosition)
    }

    private struct State {
        var standing = Standing.unknown
        /// The number and time of the last shipment.
        var sequence: Int64 = 0
        var time = Instant(milliseconds: 0)
        var last: ShipmentLabel?
        var log: WriteAheadLog?
    }

    private let settings: Shipping
    private let place: any ShippingPlace
    private let storePath: String
    private let backlog: ShippingBacklog
    private let anchor: ShippingAnchor
    /// Held while something is sent.
    private let state = Mutex(State())

    init(
        _ settings: Shipping,
        to place: any ShippingPlace,
        store path: String,
        _ backlog: ShippingBacklog,
        _ anchor: ShippingAnchor
    ) {
        self.settings = settings
        self.place = place
        storePath = path
        self.backlog = backlog
        self.anchor = anchor
    }

    /// Ships what is committed. True if something was sent.
    func ship() throws -> Bool {
        try state.withLock { try ship(&$0) }
    }

    private func ship(_ state: inout State) throws -> Bool {
        try backlog.requireOpen()
        if state.standing == .unknown { try resume(&state) }
        // Only now: it may have taken long to look at the place, and the log was cut meanwhile.
        let (commits, wasCut, now) = backlog.withLock { ($0.commits, $0.isCut, $0.now) }
        if wasCut {
            if case .following = state.standing { try leaveOut(&state, at: now) }
            backlog.withLock { $0.isCut = false }
        }
        guard let end = commits.last?.frames else { return false }
        if case .following(let position) = state.standing {
            let reader = try LogReader(
                openLog(&state),
                longestBytes: settings.longestCommitBytes
            )
            // If it began anew, everything in the old one had been shipped before.
            let done = reader.identity == position.log ? position.frames : 0
            do {
                if done < end {
                    try send(commits, of: reader, after: done, to: end, from: position, &state)
                    return true
                }
            } catch is CommitTooLong {
                try leaveOut(&state, at: now)
                settings.report("a change is too large to be shipped: a base is made anew")
            } catch let error as PlaceChanged {
                state.standing = .unknown
                throw error
            }
        }
        // It was shipped before, or the base that is to be made will have it.
        backlog.withLock { $0.take(upTo: end) }
        return false
    }

    /// Nothing is taken off the backlog but by what was sent: once it is empty, the writer may
    /// make a checkpoint, and the next commits are of another log.
    private func send(
        _ commits: [ShippingBacklog.Commit],
        of reader: LogReader,
        after first: Int,
        to end: Int,
        from start: LogPosition,
        _ state: inout State
    ) throws {
        var position = start
        var done = first
        while done < end {
            try backlog.requireOpen()
            let load = try reader.load(
                after: done,
                commits,
                following: state.time,
                upTo: settings.shipmentBytes
            )
            let label = ShipmentLabel(
                kind: .change,
                sequence: state.sequence + 1,
                time: load.steps.last?.time ?? state.time,
                origin: position,
                position: load.position,
                pageSize: reader.pageSize
            )
            // Since what was read may be of a log that began anew before all was shipped.
            guard backlog.withLock({ !$0.isCut }) else { throw StoreUnavailable.busy }
            try place.send(label, try settings.sealed(Shipment(label: label, steps: load.steps)))
            position = load.position
            done = position.frames
            state.sequence = label.sequence
            state.time = label.time
            state.last = label
            state.standing = .following(position)
            try anchor.note(label)
            backlog.withLock { [done] backlog in
                backlog.sequence = label.sequence
                backlog.time = label.time
                backlog.take(upTo: done)
            }
        }
    }

    private func openLog(_ state: inout State) throws -> WriteAheadLog {
        if let log = state.log { return log }
        let log = try WriteAheadLog(of: storePath)
        state.log = log
        return log
    }

    /// Goes on where an earlier process stopped, if the log shows that nothing happened between.
    private func resume(_ state: inout State) throws {
        let (frames, now) = backlog.withLock { ($0.commits.last?.frames ?? 0, $0.now) }
        let note = ShippingNote.read(on: storePath)
        let known = note?.place == place.identity ? note : nil
        let wasHeld = known.map { $0.isCut != true } ?? false
        let found = try place.survey(known, at: now)
        state.sequence = found.start
        if let last = found.last {
            state.sequence = max(last.sequence, found.start)
            state.time = last.time
            state.last = last
        }
        let (sequence, time) = (state.sequence, state.time)
        backlog.withLock { backlog in
            backlog.sequence = sequence
            backlog.time = time
            backlog.lastBase = found.lastBase?.time
        }
        if let last = found.last, wasHeld, found.isCovered, last.sequence >= found.start,
            try goesOn(try openLog(&state), from: last.position, frames: frames)
        {
            state.standing = .following(last.position)
            anchor.takeOver(found.lastBase)
        } else {
            try leaveOut(&state, at: now)
            guard found.last != nil else { return }
            settings.report("the log does not go on from the last shipment: a base is made anew")
        }
    }

    /// True if the log holds everything that was committed after that place. It then is that log,
    /// with the same content up to there, or the one that came of it, which happens only when
    /// everything had been shipped.
    private func goesOn(
        _ log: WriteAheadLog,
        from place: LogPosition,
        frames: Int
    ) throws -> Bool {
        let identity = try log.header().log
        guard identity == place.log else { return identity.follows(place.log) }
        guard place.frames <= frames else { return false }
        return try log.position(after: place.frames) == place
    }

    /// Leaves a number out, so that nobody takes what follows for a continuation.
    private func leaveOut(_ state: inout State, at now: Instant) throws {
        try anchor.lose()
        state.standing = .cut
        state.sequence += 1
        backlog.withLock { $0.drift(since: now) }
    }

    // MARK: - Bases

    /// Looks at what the place holds, if that is not known.
    func look() throws {
        try state.withLock { state in
            if state.standing == .unknown { try resume(&state) }
        }
    }

    /// It is no longer what it was.
    func forget() {
        state.withLock { $0.standing = .unknown }
    }

    /// Where a base belongs that is read from the store as it is now; nil while something is sent,
    /// or before the place was looked at. The thread is taken up there if it was lost.
    func basePoint(isAnchored: Bool, frames: Int, at now: Instant) throws -> ShipmentLabel? {
        try state.withLockIfAvailable { state in
            guard state.standing != .unknown else { return nil }
            let log = try openLog(&state)
            let position: LogPosition
            if case .following(let shipped) = state.standing {
                position = shipped
            } else {
                position = try log.position(after: frames)
                state.standing = .following(position)
            }
            return ShipmentLabel(
                kind: .base,
                sequence: state.sequence,
                time: now,
                origin: isAnchored ? position : .nowhere,
                position: position,
                pageSize: try log.header().pageSize
            )
        }.flatMap { $0 }
    }

    /// Anchors what is shipped at a base that is in its place.
    func anchor(_ base: ShipmentName, _ label: ShipmentLabel, losses: Int) throws {
        try state.withLock { state in
            let isLater = state.last.map { $0.sequence > label.sequence } ?? false
            let last = isLater ? state.last ?? label : label
            let isHeld = try anchor.hold(base, last, losses: losses)
            backlog.withLock { backlog in
                backlog.lastBase = label.time
                if isHeld { backlog.adriftSince = nil }
            }
        }
    }
}
