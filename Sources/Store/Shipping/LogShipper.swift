import Basics
import Dispatch

/// Ships what the writer commits. Whatever touches the place happens on queues of its own, since
/// it may take long or never end, and those who serve do not wait for it. The writer alone does,
/// before a checkpoint, and not for long: it makes none before everything is shipped, and only
/// after a checkpoint can the log begin anew, so what is being read is not written over.
final class LogShipper: Sendable {
    let backlog = ShippingBacklog()
    let bases: ShippedBases
    let settings: Shipping
    private let place: any ShippingPlace
    private let anchor: ShippingAnchor
    private let follower: LogFollower
    private let queue = DispatchQueue(label: "store.shipping")
    /// After closing: what had begun before.
    private let underWay = DispatchGroup()

    private static let troublePauseMilliseconds = 5000

    init(_ settings: Shipping, store path: String) {
        self.settings = settings
        place = settings.way
        anchor = ShippingAnchor(place, store: path, backlog)
        follower = LogFollower(settings, to: place, store: path, backlog, anchor)
        bases = ShippedBases(settings, to: place, backlog, anchor, follower)
    }

    var reserveBytes: Int { settings.reserveBytes }

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
            return backlog.schedules()
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
        _ = shipEverything(waiting: settings.closingWaitMilliseconds)
        letGo()
    }

    /// After the file was closed: that nothing of it is missing, if nothing is.
    func noteRest() {
        guard underWay.wait(timeout: .now()) == .success,
            backlog.withLock({ $0.behindSince == nil && !$0.isCut })
        else { return }
        anchor.noteRest()
    }

    /// Nothing more is sent or noted. Waits, but not for ever, until nothing is under way.
    func letGo() {
        backlog.withLock { $0.isClosed = true }
        place.close()
        for queue in [queue, bases.queue] { queue.async(group: underWay) {} }
        _ = underWay.wait(timeout: .now() + .milliseconds(settings.closingWaitMilliseconds))
        afterwards { [place] in place.letGo() }
    }

    /// After closing, for what must not happen beside what is under way: done at once, or, if the
    /// place hangs, when it is over, should that ever be.
    func afterwards(_ body: @escaping @Sendable () -> Void) {
        if underWay.wait(timeout: .now()) == .success {
            body()
        } else {
            underWay.notify(queue: .global(), execute: body)
        }
    }

    /// Gives the thread up, so that the log need not grow for ever.
    private func cutIfTooLong() -> Bool {
        let isTooLong = backlog.withLock { backlog in
            (backlog.commits.last?.frames ?? 0) >= settings.longestLogPages
        }
        guard isTooLong else { return false }
        do {
            try anchor.lose()
        } catch {
            note(trouble: Plainly.words(error))
            return false
        }
        backlog.withLock { backlog in
            backlog.isCut = true
            backlog.drift(since: backlog.waitingSince)
            backlog.clear()
        }
        settings.report("the log was cut before it was shipped: a new base is needed")
        return true
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
            bases.tend()
        }
    }

    private func shipOrNote() {
        do {
            let isSent = try follower.ship()
            note(trouble: nil, isSent: isSent)
        } catch {
            note(trouble: Plainly.words(error))
            let isNew = backlog.withLock { !$0.isClosed && $0.schedules() }
            if isNew { schedule(Self.troublePauseMilliseconds) }
        }
    }

    /// That nothing was to be sent ends the trouble, so that a base is tried, which is what the
    /// place must have next; but only what was sent shows that the place is well.
    private func note(trouble: String?, isSent: Bool = false) {
        let (wasTold, isClosed) = backlog.withLock { backlog in
            defer {
                backlog.trouble = trouble
                backlog.isTroubleTold = trouble != nil || backlog.isTroubleTold && !isSent
            }
            return (backlog.isTroubleTold, backlog.isClosed)
        }
        guard !isClosed else { return }
        if let trouble, !wasTold {
            settings.report("nothing can be shipped to \(place.name): \(trouble)")
        } else if isSent, wasTold {
            settings.report("shipping to \(place.name) goes on")
        }
    }
}
