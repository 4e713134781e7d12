import Synchronization

/// What the server counts about itself, for `/metrics`.
package final class ServerCounts: Sendable {
    let connections = Atomic<Int>(0)
    let received = Atomic<Int>(0)
    let sent = Atomic<Int>(0)
    let turns = Atomic<Int>(0)
    /// Of all connections together.
    let held = Atomic<Int>(0)
    private let classes = Mutex<[Int]>([0, 0, 0, 0, 0, 0])
    /// Answers by time taken, each bucket up to its bound in microseconds, the last without one.
    private let buckets = Mutex<Buckets>(Buckets())

    package static let boundsMicroseconds = [250, 1000, 5000, 25_000, 100_000, 500_000, 2_500_000]

    private struct Buckets {
        var counts = [Int](repeating: 0, count: ServerCounts.boundsMicroseconds.count + 1)
        var sum = 0
    }

    init() {}

    /// The answers of one turn of a loop, counted at once.
    func answered(_ requests: [AnsweredRequest]) {
        classes.withLock { classes in
            for request in requests { classes[min(request.status / 100, 5)] += 1 }
        }
        buckets.withLock { buckets in
            for request in requests {
                let place =
                    Self.boundsMicroseconds.firstIndex { request.microseconds <= $0 }
                    ?? Self.boundsMicroseconds.count
                buckets.counts[place] += 1
                buckets.sum += request.microseconds
            }
        }
    }

    package struct Reading: Sendable {
        package let connections: Int
        package let receivedBytes: Int
        package let sentBytes: Int
        package let heldBytes: Int
        /// Answers by the first digit of their status: 0 to 5.
        package let answers: [Int]
        package let buckets: [Int]
        package let microseconds: Int
    }

    package var reading: Reading {
        let (counts, sum) = buckets.withLock { ($0.counts, $0.sum) }
        return Reading(
            connections: connections.load(ordering: .relaxed),
            receivedBytes: received.load(ordering: .relaxed),
            sentBytes: sent.load(ordering: .relaxed),
            heldBytes: held.load(ordering: .relaxed),
            answers: classes.withLock { $0 },
            buckets: counts,
            microseconds: sum
        )
    }
}
