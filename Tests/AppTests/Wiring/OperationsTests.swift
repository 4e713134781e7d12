import Testing

@testable import App
@testable import Store

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

    @Test func `ready is not said while changes find no room, and is said again by itself`() throws
    {
        let rig = try Rig()
        let browser = try rig.browser()
        let failed = "kith_failed_batches_total"
        #expect(try browser.get("/metrics").text.contains("\(failed) 0\n"))
        // As a change that finds no room for a page.
        #expect(throws: StoreUnavailable.diskFull) {
            try rig.database.write { _ in throw StoreUnavailable.diskFull }
        }
        let unready = try browser.get("/readyz")
        #expect(unready.status == 503)
        #expect(unready.text == "changes cannot be written: the log says why\n")
        #expect(try browser.get("/healthz").status == 200)
        #expect(try browser.get("/metrics").text.contains("\(failed) 1\n"))
        try rig.database.alone { _ in }
        #expect(try browser.get("/readyz").status == 200)
    }
}
