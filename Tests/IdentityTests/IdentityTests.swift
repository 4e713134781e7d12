import Basics
import Store
import TestSupport
import Testing

@testable import Identity

@Suite struct PersonRulesTests {
    @Test(arguments: ["ben", "Ben2", "ab", String(repeating: "a", count: 40)])
    func `a username of letters and numbers is taken`(text: String) {
        #expect(PersonRules.username(text) == nil)
    }

    @Test(arguments: ["", "a", "two words", "ben!", "bén", String(repeating: "a", count: 41)])
    func `any other username is refused`(text: String) {
        #expect(PersonRules.username(text) != nil)
    }

    @Test(arguments: ["harbour-lamp-42", "abcdefg1", " pass word 1 ", "пароль123"])
    func `a password of eight with a number is taken, whatever else is in it`(text: String) {
        #expect(PersonRules.password(text) == nil)
    }

    @Test(arguments: ["", "abcdef1", "abcdefgh", "password1", "PASSWORD1", "12345678"])
    func `a short, wordy or common password is refused`(text: String) {
        #expect(PersonRules.password(text) != nil)
    }

    @Test(arguments: ["a@b.co", "first.last+tag@mail.example.org"])
    func `an email address is taken`(text: String) {
        #expect(PersonRules.email(text) == nil)
    }

    @Test(arguments: [
        "", "a", "a@b", "@b.co", "a@.co", "a b@c.de", "a@b.co\r\nBcc: x@y.zz", "a@b@c.de",
    ])
    func `what is no email address is refused`(text: String) {
        #expect(PersonRules.email(text) != nil)
    }
}

@Suite struct AttemptsTests {
    @Test func `five tries are free, then the wait doubles up to a quarter of an hour`() {
        let attempts = Attempts(key: [1])
        let waits = (1...12).map { attempts.wait($0, free: 5) }
        #expect(waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900])
    }

    @Test func `a wait is for one target from one address, ends, and is forgotten`() throws {
        let clock = StandingClock(Instant(milliseconds: 1_790_000_000_000))
        let database = try TestStore.fresh(time: clock.source)
        let attempts = Attempts(key: [1])
        let check = { (target: String, address: String) throws in
            try database.read {
                try attempts.check(target, from: address, at: clock.source.now(), in: $0)
            }
        }
        for _ in 0..<5 {
            try check("ben", "10.0.0.1")
            try database.write { try attempts.failed("ben", from: "10.0.0.1", in: $0) }
        }
        #expect(throws: TooManyTries.self) { try check("ben", "10.0.0.1") }
        // Nobody can lock Ben out from elsewhere.
        try check("ben", "10.0.0.2")
        try check("ada", "10.0.0.1")
        clock.advance(seconds: 31)
        try check("ben", "10.0.0.1")
        try database.write { try attempts.failed("ben", from: "10.0.0.1", in: $0) }
        #expect(throws: TooManyTries.self) { try check("ben", "10.0.0.1") }
        try database.write { try attempts.succeeded("ben", from: "10.0.0.1", in: $0) }
        try check("ben", "10.0.0.1")
    }
}

extension AttemptsTests {
    @Test func `of a newer address the network counts, not each of its addresses`() throws {
        let clock = StandingClock(Instant(milliseconds: 1_790_000_000_000))
        let database = try TestStore.fresh(time: clock.source)
        let attempts = Attempts(key: [1])
        for number in 1...5 {
            try database.write {
                try attempts.failed("ben", from: "2001:db8:1:2::\(number)", in: $0)
            }
        }
        let check = { (address: String) throws in
            try database.read {
                try attempts.check("ben", from: address, at: clock.source.now(), in: $0)
            }
        }
        #expect(throws: TooManyTries.self) { try check("2001:DB8:1:2:ffff::9") }
        try check("2001:db8:1:3::1")
    }

    @Test func `an address that many share gets its tries back by and by`() throws {
        let clock = StandingClock(Instant(milliseconds: 1_790_000_000_000))
        let database = try TestStore.fresh(time: clock.source)
        let attempts = Attempts(key: [1])
        // Somebody mistypes every two minutes, all day long, and nobody has to wait for it.
        for number in 0..<200 {
            try database.write { try attempts.failed("p\(number)", from: "10.0.0.1", in: $0) }
            clock.advance(seconds: 120)
            try database.read {
                try attempts.check("ben", from: "10.0.0.1", at: clock.source.now(), in: $0)
            }
        }
        // A flood still has to.
        for number in 0..<60 {
            try database.write { try attempts.failed("q\(number)", from: "10.0.0.1", in: $0) }
        }
        #expect(throws: TooManyTries.self) {
            try database.read {
                try attempts.check("ben", from: "10.0.0.1", at: clock.source.now(), in: $0)
            }
        }
    }
}

@Suite struct DisclosurePolicyTests {
    @Test
    func `notes open to the person and to who supports or supported them, and to nobody else`() {
        let may = Reason.allCases.filter { DisclosurePolicy.opens($0, .notes) }
        #expect(Set(may) == [.own, .givesSupport, .getsSupport, .hadVisits])
    }

    @Test func `a grant opens what its task needs and no more`() {
        let may = RecordKind.allCases.filter { DisclosurePolicy.opens(.grant, $0) }
        #expect(Set(may) == [.name, .visits, .booking])
    }

    @Test func `a stranger opens nothing`() {
        let trace = Trace()
        let acting = Acting(
            actor: .init(rawValue: 1),
            onBehalfOf: nil,
            grant: nil,
            trace: trace
        )
        for kind in RecordKind.allCases {
            #expect(throws: NotThere.self) {
                try DisclosurePolicy.disclose(
                    kind,
                    of: .init(rawValue: 2),
                    reference: nil,
                    to: acting,
                    because: []
                )
            }
        }
        #expect(trace.take().isEmpty)
    }
}
