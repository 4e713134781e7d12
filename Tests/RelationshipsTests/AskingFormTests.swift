import Basics
import Testing

@testable import Relationships

@Suite struct AskingFormTests {
    @Test(arguments: [
        ("16", 1600), ("16.5", 1650), ("16.50", 1650), ("£16.50", 1650), ("16,05", 1605),
        ("0.01", 1), ("500", 50_000),
    ])
    func `an amount is read as people type it`(text: String, pence: Int64) {
        #expect(AskingForm.pounds(text) == .pence(pence))
    }

    @Test(arguments: [
        "", "0", "0.00", "-1", "16.505", "1e3", "500.01", "1000", "16 pounds", "16.", ".5", "١٦",
    ])
    func `what is no amount an hour is not read`(text: String) {
        #expect(AskingForm.pounds(text) == nil)
    }

    @Test(arguments: Asking.Role.allCases)
    func `a role is what its kind and side make`(role: Asking.Role) {
        #expect(Asking.Role(role.kind, supports: role.supports) == role)
    }
}
