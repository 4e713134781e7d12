import Basics
import Testing
import Web

@testable import Transactions

/// Money that came in, as it is typed.
@Suite struct ReceiptFormTests {
    private let zone: CivilZone

    init() throws {
        zone = try #require(CivilZone(named: "Europe/London"))
    }

    @Test(arguments: [
        ("250", 25_000), ("250.5", 25_050), ("£250.05", 25_005), ("£ 250.00", 25_000),
        ("1,250", 125_000), ("1,250.00", 125_000), ("0.01", 1), ("1,000,000", 100_000_000),
    ])
    func `an amount is read as people here write it`(text: String, pence: Int64) {
        #expect(ReceiptForm.pounds(text) == .pence(pence))
    }

    @Test(arguments: [
        "", "0", "0.00", "-1", "1.234", "12,50", "1,25", "1.250,00", "1 250", "five", "£", "٣",
        "99999999", "12,34,567", "250 pounds",
    ])
    func `an amount that could be read in two ways is none`(text: String) {
        #expect(ReceiptForm.pounds(text) == nil)
    }

    @Test func `today is a day on which money can have come, and begins in this place's time`()
        throws
    {
        let day = try #require(CivilDay("2026-07-01"))
        let half = try #require(CivilTime(hour: 0, minute: 30))
        let plan = try ReceiptForm(
            form: Form([("amount", "5"), ("day", "1/7/2026"), ("bank", "X")])
        ).checked(zone, at: zone.instant(day, half))
        #expect(plan.day == day)
        #expect(plan.receivedAt == zone.instant(day, .midnight))
        #expect(!plan.isAnother)
    }

    @Test func `everything that is wrong is told at once`() {
        let now = zone.instant(CivilDay(dayNumber: 20_776), .midnight)
        let errors = #expect(throws: FormErrors.self) {
            try ReceiptForm(form: Form()).checked(zone, at: now)
        }
        #expect(errors?.entries.map(\.field) == ["amount", "day", "bank"])
    }
}
