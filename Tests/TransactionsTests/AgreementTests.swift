import Basics
import Testing

@testable import Transactions

/// The state machine of a care log (spec 2.12, J12, J13).
@Suite struct AgreementTests {
    private enum Act: CaseIterable {
        case confirmGiver, confirmReceiver, adjustGiver, adjustReceiver, pay
    }

    private func apply(_ act: Act, _ agreement: Agreement) throws -> Agreement {
        switch act {
        case .confirmGiver: try agreement.confirming(.giver, version: agreement.version)
        case .confirmReceiver: try agreement.confirming(.receiver, version: agreement.version)
        case .adjustGiver: try agreement.adjusting(.giver, version: agreement.version)
        case .adjustReceiver: try agreement.adjusting(.receiver, version: agreement.version)
        case .pay: try agreement.paying()
        }
    }

    @Test func `both in either order is agreed, and one twice is not`() throws {
        let start = Agreement()
        for order in [[Agreement.Side.giver, .receiver], [.receiver, .giver]] {
            let one = try start.confirming(order[0], version: 1)
            #expect(one.state == .pending)
            #expect(try one.confirming(order[0], version: 1).state == .pending)
            #expect(try one.confirming(order[1], version: 1).state == .confirmed)
        }
    }

    @Test func `adjusting voids every earlier confirmation but the adjuster's`() throws {
        let one = try Agreement().confirming(.receiver, version: 1)
        let two = try one.adjusting(.giver, version: 1)
        #expect(two == Agreement(state: .pending, version: 2, confirmed: [.giver]))
        #expect(try two.confirming(.receiver, version: 2).state == .confirmed)
    }

    @Test func `what was changed meanwhile is not confirmed`() throws {
        let two = try Agreement().adjusting(.giver, version: 1)
        #expect(throws: AgreementRefusal.changedMeanwhile) {
            try two.confirming(.receiver, version: 1)
        }
        #expect(throws: AgreementRefusal.changedMeanwhile) {
            try two.adjusting(.receiver, version: 1)
        }
    }

    @Test func `there is no other way between the states`() {
        for state in Agreement.State.allCases {
            for act in Act.allCases {
                let confirmed: Set<Agreement.Side> = state == .pending ? [] : [.giver, .receiver]
                let before = Agreement(state: state, version: 3, confirmed: confirmed)
                let after = try? apply(act, before)
                switch (state, act) {
                case (.pending, .pay): #expect(after == nil)
                case (.pending, _): #expect(after?.state == .pending)
                case (.confirmed, .pay): #expect(after?.state == .paid)
                case (.confirmed, _), (.paid, _): #expect(after == nil)
                }
            }
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `any order of acts agrees with the model`(seed: UInt64) {
        let random = RandomSource.seeded(seed)
        var agreement = Agreement()
        var confirmed: [Int: Set<Agreement.Side>] = [1: []]
        for _ in 0..<30 {
            let act = Act.allCases[random.number(below: Act.allCases.count)]
            let before = agreement
            guard let after = try? apply(act, agreement) else { continue }
            agreement = after
            switch act {
            case .confirmGiver: confirmed[before.version, default: []].insert(.giver)
            case .confirmReceiver: confirmed[before.version, default: []].insert(.receiver)
            case .adjustGiver: confirmed[before.version + 1] = [.giver]
            case .adjustReceiver: confirmed[before.version + 1] = [.receiver]
            case .pay: #expect(before.state == .confirmed)
            }
            let both = confirmed[agreement.version]?.count == 2
            #expect((agreement.state != .pending) == both)
        }
    }
}

@Suite struct PaymentPlanTests {
    private func due(_ pence: [Int64]) -> [PaymentPlan.Due<Int>] {
        pence.enumerated().map { PaymentPlan.Due(id: $0.offset, pence: $0.element) }
    }

    @Test(
        arguments: [
            ([2000, 1600], 3600, 2), ([2000, 1600], 3599, 1), ([2000], 500, 0),
            // The second would be covered, but the first waited longer.
            ([2000, 100], 500, 0), ([], 0, 0), ([0, 0], 0, 2), ([100], -50, 0),
        ] as [([Int64], Int64, Int)]
    )
    func `the oldest are paid as far as the money goes`(
        pence: [Int64],
        covered: Int64,
        paid: Int
    ) {
        let split = PaymentPlan.split(due(pence), covered: covered)
        #expect(split.paid.map(\.id) == Array(0..<paid))
        #expect(split.paid.count + split.left.count == pence.count)
    }

    @Test(arguments: [(75, 2000), (60, 1600), (1, 27), (7, 187), (0, 0)] as [(Int64, Int64)])
    func `at sixteen pounds an hour so many minutes cost so much`(minutes: Int64, pence: Int64)
        throws
    {
        #expect(try Money.pence(1600).perHour(for: Minutes(minutes)) == .pence(pence))
    }
}
