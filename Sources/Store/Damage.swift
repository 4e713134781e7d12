import Synchronization

/// What a read found wrong with the file, told once. What can be read is still read.
final class Damage: Sendable {
    private let known = Atomic<Bool>(false)
    private let tell: @Sendable (String) -> Void

    init(tell: @escaping @Sendable (String) -> Void) {
        self.tell = tell
    }

    var isKnown: Bool { known.load(ordering: .relaxed) }

    func note(_ what: String) {
        guard !known.exchange(true, ordering: .relaxed) else { return }
        tell("what can be read is still served, but \(what)")
    }
}
