import Basics
import Testing

@Suite struct IdentifierTests {
    private enum Thing {}

    @Test(arguments: [0, 1, 31, 32, Int64.max, Int64.min, -1])
    func `what is written is read back`(raw: Int64) {
        let id = Identifier<Thing>(rawValue: raw)
        #expect(id.description.utf8.count == 13)
        #expect(Identifier<Thing>(id.description) == id)
    }

    @Test(arguments: ["", "0", "00000000000000", "000000000000O", "000000000000A", "z000000000000"])
    func `no other spelling is an id`(text: String) {
        #expect(Identifier<Thing>(text) == nil)
    }

    @Test func `ids sort by time and never repeat, even when the clock steps back`() {
        let source = IDSource(random: .seeded(1))
        var last = Identifier<Thing>(rawValue: 0)
        for step in 0..<10_000 {
            let now = Instant(
                milliseconds: 1_760_000_000_000 + Int64(step / 100) * (step % 7 == 0 ? -1 : 1)
            )
            let id = source.next(Thing.self, at: now)
            #expect(id > last)
            last = id
        }
    }
}
