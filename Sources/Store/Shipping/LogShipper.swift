import Basics
import Dispatch
import FoundationEssentials
import Synchronization

/// Ships what the writer commits. Whatever touches the place happens on queues of its own, since
/// it may take long or never end, and those who serve do not wait for it. The writer alone does,
/// before a checkpoint, and not for long: it makes none before everything is shipped, and only
/// after a checkpoint can the log begin anew, so what is being read is not written over.
final class LogShipper: Sendable {
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

    /// Whether what is shipped leads from a base to the last shipment. Then, and only then, is
    /// there a note beside the store.
    private struct Anchor {
        var isHeld = false
        /// How often it was lost.
        var losses = 0
        var base: ShipmentName?
    }

    /// Where a base belongs.
    struct BasePoint: Sendable {
        let label: ShipmentLabel
        fileprivate let losses: Int
    }

    private let settings: Shipping
    private let place: any ShippingPlace
    private let storePath: String
    /// Held while something is sent.
    private let state = Mutex(State())
    private let backlog = Mutex(ShippingBacklog())
    private let anchor = Mutex(Anchor())
    private let queue = DispatchQueue(label: "store.shipping")
    private let baseQueue = DispatchQueue(label: "store.shipping.base")
    private let baseMaker = Mutex<(@Sendable () throws -> Void)?>(nil)

    private static let troublePauseMilliseconds = 5000
    private static let closingWaitMilliseconds = 5000

    init(_ settings: Shipping, store path: String) {
        self.settings = settings
        place =
            switch settings.place {
            case .folder(let folder): ShippingFolder(folder, fileBytes: settings.fileBytes)
            case .command(let line): ShippingCommand(line, seconds: settings.commandSeconds)
            }
        storePath = path
    }

    func status(at now: Instant) -> ShippingStatus {
        backlog.withLock { backlog in
            ShippingStatus(
                sequence: backlog.sequence,
                time: backlog.time,
                behindSince: backlog.behindSince,
                lagMilliseconds: backlog.behindSince.map {
                    max(0, now.milliseconds - $0.milliseconds)
                } ?? 0,
                isInTrouble: backlog.trouble != nil || backlog.baseTrouble != nil,
                lastBase: backlog.lastBase
            )
        }
    }

    // MARK: - For the writer

    /// Called after each commit.
    func committed(frames: Int, at now: Instant) {
        let isNew = backlog.withLock { backlog in
            backlog.add(frames: frames, at: now)
            defer { backlog.isScheduled = true }
            return !backlog.isScheduled
        }
        if isNew { schedule(settings.pauseMilliseconds) }
    }

    /// Called on the writer's turn, and before a checkpoint. False if there must be none. While
    /// there is trouble it does not try, unless told to.
    func shipEverything(evenInTrouble: Bool = false, waiting milliseconds: Int? = nil) -> Bool {
        if backlog.withLock({ $0.commits.isEmpty && !$0.isCut }) { return true }
        guard backlog.withLock({ evenInTrouble || $0.trouble == nil }) else {
            return cutIfTooLong()
        }
        let done = DispatchSemaphore(value: 0)
        queue.async {
            self.shipOrNote()
            done.signal()
        }
        let limit = milliseconds ?? settings.checkpointWaitMilliseconds
        let isLate = done.wait(timeout: .now() + .milliseconds(limit)) == .timedOut
        if backlog.withLock({ $0.commits.isEmpty }) { return true }
        if isLate { note(trouble: "it takes too long") }
        return cutIfTooLong()
    }

    /// Called on the writer's turn before the file is closed. What is not shipped then stays in
    /// the log, and is shipped after the next start.
    func close() {
        _ = shipEverything(waiting: Self.closingWaitMilliseconds)
        letGo()
    }

    func letGo() {
        backlog.withLock { $0.isClosed = true }
        place.close()
    }

    /// Gives the thread up, so that the log need not grow for ever.
    private func cutIfTooLong() -> Bool {
        let isCut = backlog.withLock { backlog in
            guard let frames = backlog.commits.last?.frames, frames >= settings.longestLogPages
            else { return false }
            backlog.isCut = true
            if backlog.adriftSince == nil { backlog.adriftSince = backlog.waitingSince }
            backlog.clear()
            return true
        }
        if isCut {
            loseAnchor()
            settings.report("the log was cut before it was shipped: a new base is needed")
        }
        return isCut
    }

    // MARK: - In the background

    private func schedule(_ milliseconds: Int) {
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
            guard let self else { return }
            let isClosed = backlog.withLock { backlog in
                backlog.isScheduled = false
                return backlog.isClosed
            }
            guard !isClosed else { return }
            shipOrNote()
            tend()
        }
    }

    private func shipOrNote() {
        do {
            try state.withLock { try ship(&$0) }
            note(trouble: nil)
        } catch {
            note(trouble: "\(error)")
            let isNew = backlog.withLock { backlog in
                defer { backlog.isScheduled = true }
                return !backlog.isScheduled
            }
            if isNew { schedule(Self.troublePauseMilliseconds) }
        }
    }

    private func note(trouble: String?) {
        let (before, isClosed) = backlog.withLock { backlog in
            defer { backlog.trouble = trouble }
            return (backlog.trouble, backlog.isClosed)
        }
        guard !isClosed else { return }
        if let trouble, before == nil {
            settings.report("nothing can be shipped to \(place.name): \(trouble)")
        } else if trouble == nil, before != nil {
            settings.report("shipping to \(place.name) goes on")
        }
    }

    // MARK: - Shipping

    private func ship(_ state: inout State) throws {
        let (commits, wasCut, now) = backlog.withLock { ($0.commits, $0.isCut, $0.now) }
        if state.standing == .unknown {
            try resume(&state, frames: commits.last?.frames ?? 0, at: now)
        }
        if wasCut {
            if case .following = state.standing { leaveOut(&state, at: now) }
            backlog.withLock { $0.isCut = false }
        }
        guard let end = commits.last?.frames else { return }
        guard case .following(var position) = state.standing else {
            // The base that is to be made will have it.
            return backlog.withLock { $0.take(upTo: end) }
        }
        let reader = try LogReader(openLog(&state))
        // If it began anew, everything in the old one had been shipped before.
        var done = reader.identity == position.log ? position.frames : 0
        while done < end {
            let load = try reader.load(
                after: done,
                commits,
                notBefore: state.time,
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
            try place.send(label, try sealed(Shipment(label: label, steps: load.steps)))
            position = load.position
            done = position.frames
            state.sequence = label.sequence
            state.time = label.time
            state.last = label
            state.standing = .following(position)
            try writeNote(label)
            backlog.withLock { backlog in
                backlog.sequence = label.sequence
                backlog.time = label.time
                backlog.take(upTo: done)
            }
        }
        backlog.withLock { $0.take(upTo: end) }
    }

    private func sealed(_ shipment: Shipment) throws -> [UInt8] {
        ShipmentFile.bytes(of: shipment.label, try settings.seal(shipment.bytes))
    }

    private func openLog(_ state: inout State) throws -> WriteAheadLog {
        if let log = state.log { return log }
        let log = try WriteAheadLog(of: storePath)
        state.log = log
        return log
    }

    // MARK: - Keeping the thread

    /// Goes on where an earlier process stopped, if the log shows that nothing happened between.
    private func resume(_ state: inout State, frames: Int, at now: Instant) throws {
        let note = ShippingNote.read(on: storePath)
        let known = note?.place == place.identity ? note : nil
        let found = try place.survey(known, at: now)
        state.sequence = found.start
        if let last = found.last {
            state.sequence = max(last.sequence, found.start)
            state.time = last.time
            state.last = last
        }
        backlog.withLock { backlog in
            backlog.sequence = state.sequence
            backlog.time = state.time
            backlog.lastBase = found.lastBase?.time
        }
        if let last = found.last, known != nil, found.isCovered, last.sequence >= found.start,
            try goesOn(try openLog(&state), from: last.position, frames: frames)
        {
            state.standing = .following(last.position)
            anchor.withLock { anchor in
                anchor.isHeld = true
                anchor.base = found.lastBase
            }
        } else {
            if found.last != nil {
                settings.report(
                    "the log does not go on from the last shipment: a base is made anew"
                )
            }
            leaveOut(&state, at: now)
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
    private func leaveOut(_ state: inout State, at now: Instant) {
        state.standing = .cut
        state.sequence += 1
        backlog.withLock { backlog in
            if backlog.adriftSince == nil { backlog.adriftSince = now }
        }
        loseAnchor()
    }

    private func loseAnchor() {
        anchor.withLock { anchor in
            anchor.isHeld = false
            anchor.losses += 1
            do {
                try ShippingNote.clear(on: storePath)
            } catch {
                settings.report("the note beside the store cannot be removed: \(error)")
            }
        }
    }

    /// Where the place cannot be looked at, after each shipment.
    private func writeNote(_ last: ShipmentLabel?) throws {
        try anchor.withLock { anchor in
            guard anchor.isHeld, place.isBlind else { return }
            try writeNote(last, base: anchor.base)
        }
    }

    private func writeNote(_ last: ShipmentLabel?, base: ShipmentName?) throws {
        var note = ShippingNote(place: place.identity)
        if place.isBlind {
            note.last = last.map { Data($0.bytes) }
            note.base = base?.text
        }
        try note.write(on: storePath)
    }

    // MARK: - Bases

    /// Set once the store is open: makes a base, which takes long.
    func makeBases(with make: @escaping @Sendable () throws -> Void) {
        baseMaker.withLock { $0 = make }
    }

    private var needsBase: Bool {
        let isHeld = anchor.withLock { $0.isHeld }
        return backlog.withLock { backlog in
            guard !backlog.isClosed else { return false }
            guard isHeld, let lastBase = backlog.lastBase else { return true }
            return backlog.now >= lastBase.adding(minutes: settings.baseMinutes)
        }
    }

    /// Has a base made if one is needed.
    private func tend() {
        guard needsBase, backlog.withLock({ $0.trouble == nil }) else { return }
        baseQueue.async { [weak self] in self?.makeBaseIfNeeded() }
    }

    private func makeBaseIfNeeded() {
        guard needsBase, let make = baseMaker.withLock({ $0 }) else { return }
        var trouble: String?
        do {
            try make()
        } catch {
            trouble = "\(error)"
            baseQueue.asyncAfter(
                deadline: .now() + .milliseconds(Self.troublePauseMilliseconds)
            ) { [weak self] in
                self?.makeBaseIfNeeded()
            }
        }
        let isNew = backlog.withLock { backlog in
            defer { backlog.baseTrouble = trouble }
            return backlog.baseTrouble == nil && !backlog.isClosed
        }
        if let trouble, isNew { settings.report("no base could be made: \(trouble)") }
    }

    /// One base at a time.
    func alone(_ make: () throws -> Void) throws {
        try baseQueue.sync(execute: make)
    }

    /// Where a base belongs that is read from the store as it is now. Called on the writer's turn,
    /// so that nothing is committed meanwhile.
    func basePoint(frames: Int, at now: Instant) throws -> BasePoint {
        guard shipEverything(evenInTrouble: true), backlog.withLock({ !$0.isCut }) else {
            throw StoreUnavailable.busy
        }
        let (isHeld, losses) = anchor.withLock { ($0.isHeld, $0.losses) }
        let label: ShipmentLabel? = try state.withLockIfAvailable { state in
            guard state.standing != .unknown else { return nil }
            let log = try openLog(&state)
            let position: LogPosition
            if case .following(let shipped) = state.standing {
                position = shipped
            } else {
                position = try log.position(after: frames)
                state.standing = .following(position)
            }
            state.time = max(state.time, now)
            return ShipmentLabel(
                kind: .base,
                sequence: state.sequence,
                time: state.time,
                origin: isHeld ? position : .nowhere,
                position: position,
                pageSize: try log.header().pageSize
            )
        }.flatMap { $0 }
        guard let label else { throw StoreUnavailable.busy }
        return BasePoint(label: label, losses: losses)
    }

    /// Writes the base from a copy of the store that is all its own, and removes what is only
    /// needed for longer ago than is kept.
    func sendBase(_ point: BasePoint, from copy: StorePages) throws {
        let label = point.label
        let name = ShipmentName(.base, label.sequence, label.time)
        try place.sendBase(name) { append in
            try copy.each { pages in
                try requireOpen()
                let step = Shipment.Step(
                    time: label.time,
                    frames: label.position.frames,
                    storePages: copy.count,
                    pages: pages
                )
                try append(try sealed(Shipment(label: label, steps: [step])))
            }
            try append(try sealed(Shipment(label: label.with(.baseEnd), steps: [])))
        }
        try state.withLock { state in
            let isHeld = try anchor.withLock { anchor in
                // Lost again meanwhile: another base is needed.
                guard anchor.losses == point.losses else { return false }
                anchor.base = name
                try writeNote(state.last.map { max($0, label) } ?? label, base: name)
                anchor.isHeld = true
                return true
            }
            backlog.withLock { backlog in
                backlog.lastBase = label.time
                if isHeld { backlog.adriftSince = nil }
            }
        }
        try place.prune(before: label.time.adding(minutes: -settings.keepMinutes))
    }

    /// What takes long asks now and then whether it is still wanted.
    func requireOpen() throws {
        guard !backlog.withLock({ $0.isClosed }) else { throw StoreUnavailable.closed }
    }
}

/// The later of two labels.
private func max(_ left: ShipmentLabel, _ right: ShipmentLabel) -> ShipmentLabel {
    left.sequence > right.sequence ? left : right
}
