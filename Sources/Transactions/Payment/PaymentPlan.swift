import Basics

/// Which agreed visits a run can pay: the rule alone (PAY-04, J15).
///
/// For each person who gets support the oldest come first, as long as the money they really put
/// in covers them. The first that is not covered stops the rest, so that nobody who waited longer
/// is passed over.
enum PaymentPlan {
    struct Due<ID: Hashable & Sendable>: Sendable {
        let id: ID
        let pence: Int64
    }

    static func split<ID>(
        _ due: [Due<ID>],
        covered: Int64
    ) -> (paid: [Due<ID>], left: [Due<ID>]) {
        var rest = covered
        for (place, visit) in due.enumerated() {
            guard visit.pence <= rest else {
                return (Array(due[..<place]), Array(due[place...]))
            }
            rest -= visit.pence
        }
        return (due, [])
    }
}
