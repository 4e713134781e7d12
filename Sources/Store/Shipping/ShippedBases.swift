import Basics
import Dispatch
import Synchronization

/// Copies of the whole store that what is shipped begins with: when one is needed, where in the
/// log it belongs, and its way to the place.
final class ShippedBases: Sendable {
    /// Where a base belongs.
    struct Point: Sendable {
        let label: ShipmentLabel
        fileprivate let losses: Int
    }

    private let settings: Shipping
    private let place: any ShippingPlace
    private let backlog: ShippingBacklog
    private let anchor: ShippingAnchor
    private let follower: LogFollower
    let queue = DispatchQueue(label: "store.shipping.base")
    private let maker = Mutex<(@Sendable () throws -> Void)?>(nil)
    private let pause = Mutex(Pause())

    /// After a failure. To make a base is much work, so it is tried ever more seldom.
    private struct Pause {
        private static let shortest = 5
        private static let longest = 600

        private(set) var seconds = 0
        private var until: UInt64 = 0

        var isOver: Bool { Monotonic.nanoseconds >= until }

        mutating func lengthen(after error: any Error) {
            // What was busy has cost nothing yet.
            let isBusy = error as? StoreUnavailable == .busy
            seconds = isBusy ? Self.shortest : min(max(15, seconds * 2), Self.longest)
            until = Monotonic.nanoseconds + UInt64(seconds) * 1_000_000_000
        }
    }

    init(
        _ settings: Shipping,
        to place: any ShippingPlace,
        _ backlog: ShippingBacklog,
        _ anchor: ShippingAnchor,
        _ follower: LogFollower
    ) {
        self.settings = settings
        self.place = place
        self.backlog = backlog
        self.anchor = anchor
        self.follower = follower
    }

    /// Set once the store is open: makes a base, which takes long.
    func make(with make: @escaping @Sendable () throws -> Void) {
        maker.withLock { $0 = make }
    }

    private var isOneNeeded: Bool {
        let isHeld = anchor.isHeld
        return backlog.withLock { backlog in
            guard !backlog.isClosed else { return false }
            guard isHeld, let lastBase = backlog.lastBase else { return true }
            // One that lies that far ahead was made while the clock was wrong.
            return backlog.now >= lastBase.adding(minutes: settings.baseMinutes)
                || backlog.now <= lastBase.adding(minutes: -settings.baseMinutes)
        }
    }

    /// Has one made if it is needed.
    func tend() {
        guard isOneNeeded, backlog.withLock({ $0.trouble == nil }) else { return }
        queue.async { [weak self] in self?.makeIfNeeded() }
    }

    private func makeIfNeeded() {
        guard isOneNeeded, pause.withLock({ $0.isOver }), let make = maker.withLock({ $0 })
        else { return }
        var trouble: String?
        do {
            try follower.look()
            if isOneNeeded { try make() }
            pause.withLock { $0 = Pause() }
        } catch {
            trouble = Plainly.words(error)
            let seconds = pause.withLock { pause in
                pause.lengthen(after: error)
                return pause.seconds
            }
            queue.asyncAfter(deadline: .now() + .seconds(seconds)) { [weak self] in
                self?.makeIfNeeded()
            }
        }
        let isNew = backlog.withLock { [trouble] backlog in
            defer { backlog.baseTrouble = trouble }
            return backlog.baseTrouble == nil && !backlog.isClosed
        }
        if let trouble, isNew { settings.report("no base could be made: \(trouble)") }
    }

    /// One at a time.
    func alone(_ make: () throws -> Void) throws {
        try queue.sync(execute: make)
    }

    /// Where one belongs that is read from the store as it is now. Called on the writer's turn,
    /// when everything is shipped, so that nothing is committed meanwhile.
    func point(frames: Int, at now: Instant) throws -> Point {
        guard backlog.withLock({ !$0.isCut }) else { throw StoreUnavailable.busy }
        let (isHeld, losses) = anchor.standing
        guard
            let label = try follower.basePoint(isAnchored: isHeld, frames: frames, at: now)
        else { throw StoreUnavailable.busy }
        return Point(label: label, losses: losses)
    }

    /// Writes one from a copy of the store that is all its own, and removes what is only needed
    /// for longer ago than is kept.
    func send(_ point: Point, from copy: StorePages) throws {
        let label = point.label
        let name = ShipmentName(.base, label.sequence, label.time)
        do {
            try sendBase(name, label, copy)
        } catch let error as PlaceChanged {
            follower.forget()
            throw error
        }
        try backlog.requireOpen()
        try follower.anchor(name, label, losses: point.losses)
        do {
            try place.prune(keepMinutes: settings.keepMinutes, baseMinutes: settings.baseMinutes)
        } catch StoreUnavailable.closed {
        } catch {
            settings.report(
                "what need not be kept cannot be removed from \(place.name): "
                    + Plainly.words(error)
            )
        }
    }

    private func sendBase(
        _ name: ShipmentName,
        _ label: ShipmentLabel,
        _ copy: StorePages
    ) throws {
        try place.sendBase(name) { append in
            try copy.each { pages in
                try backlog.requireOpen()
                let step = Shipment.Step(
                    time: label.time,
                    frames: label.position.frames,
                    storePages: copy.count,
                    pages: pages
                )
                try append(try settings.sealed(Shipment(label: label, steps: [step])))
            }
            try append(try settings.sealed(Shipment(label: label.with(.baseEnd), steps: [])))
        }
    }
}
