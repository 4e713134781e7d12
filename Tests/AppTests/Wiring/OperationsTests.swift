import Store
import Testing

@testable import App

@Suite struct OperationsTests {
    @Test func `alive is said even when the store cannot be read, and ready is not`() throws {
        let rig = try Rig()
        let browser = try rig.browser()
        #expect(try browser.get("/readyz").status == 200)
        rig.database.close()
        #expect(try browser.get("/healthz").text == "ok\n")
        #expect(try browser.get("/version").status == 200)
        #expect(try browser.get("/readyz").status == 503)
    }
}
