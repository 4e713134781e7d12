import Synchronization

/// What all bodies in files hold together on the disk. The disk is the store's too, so they have a
/// part of it, and no more.
final class SpoolRoom: Sendable {
    private let limit: Atomic<Int>
    private let taken = Atomic<Int>(0)

    init(_ limit: Int) {
        self.limit = Atomic(limit)
    }

    /// From now on; what is taken stays.
    func allow(_ limit: Int) {
        self.limit.store(limit, ordering: .relaxed)
    }

    /// One body's part, given back when nobody has the body any more.
    final class Share: Sendable {
        private let room: SpoolRoom
        private let bytes = Atomic<Int>(0)

        init(of room: SpoolRoom) {
            self.room = room
        }

        deinit {
            room.taken.subtract(bytes.load(ordering: .relaxed), ordering: .relaxed)
        }

        /// False when there is no room for so many more.
        func take(_ more: Int) -> Bool {
            let now = room.taken.add(more, ordering: .relaxed).newValue
            guard now <= room.limit.load(ordering: .relaxed) else {
                room.taken.subtract(more, ordering: .relaxed)
                return false
            }
            bytes.add(more, ordering: .relaxed)
            return true
        }
    }
}
