import Basics
import Dispatch
import Synchronization

/// Ships what the writer commits. Whoever holds `state` may read the log: the writer has
/// everything shipped before it makes a checkpoint, and only after a checkpoint can the log begin
/// anew, so what is being read is never written over.
final class LogShipper: Sendable {
    private enum Standing: Equatable {
        /// What the folder holds has not been looked at.
        case unknown
        /// The thread is lost: nothing can be shipped before a base has its place.
        case cut
        /// Shipped up to here.
        case following(LogPosition)
    }

    private struct State {
        var standing = Standing.unknown
        /// The number and time of the last shipment.
        var sequence: Int64 = 0
        var time = Instant(milliseconds: 0)
        /// The number that was left out last, and that of the last base. Until there is a base
        /// after the cut, what is shipped leads nowhere.
        var lastCut: Int64 = 0
        var lastBase: Int64 = -1
        var log: WriteAheadLog?
        var file: ShipmentFile?
        var fileBytes = 0
    }

    /// What the writer has told. Held only for moments, so that the writer never waits for the
    /// folder.
    private struct Told {
        /// How far the log goes; 0 when everything in it has been shipped.
        var frames = 0
        var time = Instant(milliseconds: 0)
        var behindSince: Instant?
        var isScheduled = false
        var isClosed = false
    }

    private let settings: Shipping
    private let folder: ShippingFolder
    private let storePath: String
    private let state = Mutex(State())
    private let told = Mutex(Told())
    private let isInTrouble = Mutex(false)
    private let queue = DispatchQueue(label: "store.shipping")
    private let baseQueue = DispatchQueue(label: "store.shipping.base")
    private let baseMaker = Mutex<(@Sendable () throws -> Void)?>(nil)

    private static let troublePauseMilliseconds = 5000

    init(_ settings: Shipping, store path: String) {
        self.settings = settings
        folder = ShippingFolder(settings.folder)
        storePath = path
    }

    var status: ShippingStatus {
        let behindSince = told.withLock { $0.behindSince }
        return state.withLock { state in
            ShippingStatus(sequence: state.sequence, time: state.time, behindSince: behindSince)
        }
    }

    var needsBase: Bool {
        state.withLock { $0.standing != .unknown && $0.lastBase < $0.lastCut }
    }

    // MARK: - For the writer

    /// Called after each commit.
    func committed(frames: Int, at now: Instant) {
        let isNew = told.withLock { told in
            told.frames = frames
            told.time = now
            if told.behindSince == nil { told.behindSince = now }
            defer { told.isScheduled = true }
            return !told.isScheduled
        }
        if isNew { schedule(settings.pauseMilliseconds) }
    }

    /// Called on the writer's turn before a checkpoint. False if there must be none.
    func shipEverything() -> Bool {
        do {
            try state.withLock { try ship(&$0) }
            noteTrouble(nil)
            return true
        } catch {
            noteTrouble(error)
            let frames = told.withLock { $0.frames }
            guard frames >= settings.longestLogPages else { return false }
            cut()
            return true
        }
    }

    /// Called on the writer's turn before the file is closed.
    func close() {
        told.withLock { $0.isClosed = true }
        _ = shipEverything()
    }

    // MARK: - In the background

    private func schedule(_ milliseconds: Int) {
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
            self?.shipFromQueue()
        }
    }

    private func shipFromQueue() {
        let isClosed = told.withLock { told in
            told.isScheduled = false
            return told.isClosed
        }
        guard !isClosed else { return }
        do {
            try state.withLock { try ship(&$0) }
            noteTrouble(nil)
            tend()
        } catch {
            noteTrouble(error)
            told.withLock { $0.isScheduled = true }
            schedule(Self.troublePauseMilliseconds)
        }
    }

    private func noteTrouble(_ error: (any Error)?) {
        let wasInTrouble = isInTrouble.withLock { isInTrouble in
            defer { isInTrouble = error != nil }
            return isInTrouble
        }
        if let error, !wasInTrouble {
            settings.report("nothing can be shipped to \(settings.folder): \(type(of: error))")
        } else if error == nil, wasInTrouble {
            settings.report("shipping to \(settings.folder) goes on")
        }
    }

    // MARK: - Shipping

    private func ship(_ state: inout State) throws {
        let (frames, time) = told.withLock { ($0.frames, $0.time) }
        if state.standing == .unknown { try resume(&state, frames: frames) }
        guard frames > 0, case .following(let position) = state.standing else { return }
        let log = try openLog(&state)
        let (pageSize, identity) = try log.header()
        // If it began anew, everything in the old one had been shipped before.
        var done = identity == position.log ? position.frames : 0
        while done < frames {
            let load = try gather(log, pageSize, identity, after: done, upTo: frames)
            let label = ShipmentLabel(
                kind: load.position.frames == frames ? .change : .part,
                sequence: state.sequence + 1,
                time: max(time, state.time),
                position: load.position,
                pageSize: pageSize,
                storePages: load.storePages
            )
            try send(Shipment(label: label, pages: load.pages), &state)
            state.sequence = label.sequence
            state.time = label.time
            state.standing = .following(label.position)
            done = label.position.frames
        }
        // What comes after this has a number of frames of its own.
        told.withLock { told in
            guard told.frames == frames else { return }
            told.frames = 0
            told.behindSince = nil
        }
    }

    private struct Load {
        let pages: [Shipment.Page]
        let position: LogPosition
        let storePages: UInt32
    }

    /// Whole commits, up to about the size of one shipment; of each page only its last content.
    private func gather(
        _ log: WriteAheadLog,
        _ pageSize: Int,
        _ identity: LogIdentity,
        after done: Int,
        upTo frames: Int
    ) throws -> Load {
        var latest: [UInt32: Int] = [:]
        for number in done + 1...frames {
            let frame = try log.frame(number, pageSize: pageSize, of: identity)
            latest[frame.page] = number
            let isFull = latest.count * pageSize >= settings.shipmentBytes
            guard frame.storePages > 0, isFull || number == frames else { continue }
            let pages = try latest.sorted { $0.key < $1.key }
                .filter { $0.key <= frame.storePages }
                .map { page, number in
                    Shipment.Page(
                        number: page,
                        content: try log.content(ofFrame: number, pageSize: pageSize)
                    )
                }
            return Load(
                pages: pages,
                position: LogPosition(log: identity, frames: number, checksum: frame.checksum),
                storePages: frame.storePages
            )
        }
        // What SQLite told of as committed does not end in a commit: this is not its log.
        throw StoreUnavailable.ioFailure
    }

    private func send(_ shipment: Shipment, _ state: inout State) throws {
        let sealed = try settings.seal(shipment.bytes)
        let file: ShipmentFile
        if let open = state.file, state.fileBytes < settings.fileBytes {
            file = open
        } else {
            file = try folder.newLog(shipment.label)
            state.file = file
            state.fileBytes = 0
        }
        do {
            state.fileBytes += try file.append(shipment.label, sealed)
            try file.flush()
        } catch {
            // It may end in half a shipment, so what comes next goes into another file.
            state.file = nil
            throw error
        }
    }

    private func openLog(_ state: inout State) throws -> WriteAheadLog {
        if let log = state.log { return log }
        let log = try WriteAheadLog(of: storePath)
        state.log = log
        return log
    }

    // MARK: - Keeping the thread

    /// Goes on where an earlier process stopped, if the log shows that nothing happened between.
    private func resume(_ state: inout State, frames: Int) throws {
        try folder.create()
        let found = try folder.survey()
        guard let last = found.last else {
            try ShippingMark.set(on: storePath)
            state.standing = .cut
            return
        }
        state.sequence = last.sequence
        state.time = last.time
        state.lastBase = found.lastBase ?? -1
        state.lastCut = found.isCovered ? state.lastBase : last.sequence
        let log = try openLog(&state)
        let wasShipping = ShippingMark.isSet(on: storePath)
        try ShippingMark.set(on: storePath)
        if wasShipping, try goesOn(log, from: last.position, frames: frames) {
            state.standing = .following(last.position)
        } else {
            settings.report("the log does not go on from the last shipment: a base is made anew")
            leaveOut(&state)
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
    private func leaveOut(_ state: inout State) {
        state.standing = .cut
        state.sequence += 1
        state.lastCut = state.sequence
        state.file = nil
    }

    /// Gives the thread up, so that the log need not grow for ever.
    private func cut() {
        state.withLock { state in
            if case .following = state.standing { leaveOut(&state) }
        }
        told.withLock { $0.frames = 0 }
        settings.report("the log was cut before it was shipped: a new base is needed")
    }

    // MARK: - Bases

    /// Set once the store is open: makes a base, which takes long.
    func makeBases(with make: @escaping @Sendable () throws -> Void) {
        baseMaker.withLock { $0 = make }
        tend()
    }

    /// Has a base made if one is needed and nobody is at it.
    private func tend() {
        guard needsBase else { return }
        baseQueue.async { [weak self] in
            guard let self, needsBase, let make = baseMaker.withLock({ $0 }) else { return }
            do {
                try make()
            } catch {
                settings.report("no base could be made: \(type(of: error))")
                told.withLock { $0.isScheduled = true }
                schedule(Self.troublePauseMilliseconds)
            }
        }
    }

    /// Where a base belongs that is read from the store as it is now. Called on the writer's turn,
    /// so that nothing is committed meanwhile.
    func basePoint(frames: Int, at now: Instant) throws -> ShipmentLabel {
        try state.withLock { state in
            try ship(&state)
            let log = try openLog(&state)
            let position: LogPosition
            if case .following(let shipped) = state.standing {
                position = shipped
            } else {
                position = try log.position(after: frames)
                state.standing = .following(position)
                told.withLock { told in
                    told.frames = 0
                    told.behindSince = nil
                }
            }
            state.time = max(state.time, now)
            return ShipmentLabel(
                kind: .base,
                sequence: state.sequence,
                time: state.time,
                position: position,
                pageSize: try log.header().pageSize,
                storePages: 0
            )
        }
    }

    /// Writes the base from a copy of the store that is all its own.
    func sendBase(_ point: ShipmentLabel, from copy: StorePages) throws {
        let name = ShippingFolder.Name(.base, point.sequence, point.time)
        try folder.makeWhole(name) { file in
            let label = point.with(.base, storePages: copy.count)
            try copy.each { pages in
                try requireOpen()
                let shipment = Shipment(label: label, pages: pages)
                _ = try file.append(label, try settings.seal(shipment.bytes))
            }
            let end = point.with(.baseEnd, storePages: copy.count)
            _ = try file.append(end, try settings.seal(Shipment(label: end, pages: []).bytes))
        }
        state.withLock { state in
            state.lastBase = max(state.lastBase, point.sequence)
        }
    }

    /// For tests: waits for the base that is being made at the moment.
    func finishBase() {
        baseQueue.sync {}
    }

    /// What takes long asks now and then whether it is still wanted.
    func requireOpen() throws {
        guard !told.withLock({ $0.isClosed }) else { throw StoreUnavailable.closed }
    }

    func prune(before time: Instant) throws {
        try folder.prune(before: time)
    }
}
