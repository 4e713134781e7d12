import Synchronization

/// Makes ids that never repeat within a community and sort by time.
///
/// 42 bits of milliseconds (until the year 2109), then 21 bits that start at a random place in
/// each millisecond and count up, so that an id tells nothing about how many came before.
package final class IDSource: Sendable {
    private struct State {
        var last: Int64 = 0
    }

    private let state = Mutex(State())
    private let random: RandomSource

    package init(random: RandomSource) {
        self.random = random
    }

    package func next<Entity>(_: Entity.Type = Entity.self, at now: Instant) -> Identifier<Entity> {
        let start = Int64(random.number(below: 1 << 20))
        return state.withLock { state in
            // A clock that steps back must not make an id smaller than the last.
            let fresh = now.milliseconds << 21 | start
            state.last = max(fresh, state.last + 1)
            return Identifier(rawValue: state.last)
        }
    }
}
