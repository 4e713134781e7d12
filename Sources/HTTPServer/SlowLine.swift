/// What waits in one slow lane: of each client in its order, and of all clients in turn.
struct SlowLine {
    private var queues: [[UInt8]: Queue] = [:]
    /// Whose turn it is, then whose next; each that has something here once.
    private var turns: [[UInt8]] = []
    private(set) var count = 0

    /// Of what may wait, one client may have a quarter, and never less than this.
    private static let leastShare = 4

    /// False when it is full, or has this client's share. Whatever is no client's has no share.
    mutating func append(
        _ work: @escaping SlowLane.Work,
        of client: [UInt8]?,
        most: Int
    ) -> Bool {
        let name = client ?? []
        let mine = queues[name]?.count ?? 0
        let share = client == nil ? most : max(Self.leastShare, most / 4)
        guard count < most, mine < share else { return false }
        if mine == 0 { turns.append(name) }
        queues[name, default: Queue()].append(work)
        count += 1
        return true
    }

    /// There has to be one.
    mutating func next() -> SlowLane.Work {
        let name = turns.removeFirst()
        var queue = queues.removeValue(forKey: name) ?? Queue()
        let work = queue.next()
        count -= 1
        if queue.count > 0 {
            queues[name] = queue
            turns.append(name)
        }
        return work
    }

    private struct Queue {
        private var work: [SlowLane.Work] = []
        /// Where it begins: what is before has been taken.
        private var head = 0

        var count: Int { work.count - head }

        mutating func append(_ more: @escaping SlowLane.Work) { work.append(more) }

        mutating func next() -> SlowLane.Work {
            let next = work[head]
            head += 1
            // As often as half of it was taken, so that what is done is not held for long.
            if head * 2 > work.count {
                work.removeFirst(head)
                head = 0
            }
            return next
        }
    }
}
