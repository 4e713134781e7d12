import Synchronization

/// One of the places that there are for open communities. Whoever has it need not remember to give
/// it back.
final class Place: Sendable {
    private let household: Household

    /// Counted already.
    init(of household: Household) {
        self.household = household
    }

    deinit {
        household.opened.subtract(1, ordering: .relaxed)
    }
}
