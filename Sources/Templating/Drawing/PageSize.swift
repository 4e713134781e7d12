import Synchronization

/// How long a page has been so far, so that the next drawing of it need not grow its memory.
final class PageSize: Sendable {
    private let bytes = Atomic<Int>(4096)

    /// One page of a size that nobody expected must not make every later one as costly.
    private static let most = 1 << 18

    var guess: Int { bytes.load(ordering: .relaxed) }

    func note(_ count: Int) {
        if count > guess { bytes.store(min(count, Self.most), ordering: .relaxed) }
    }
}
