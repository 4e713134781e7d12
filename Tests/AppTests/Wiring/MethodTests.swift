import Basics
import HTTPServer
import Testing

@testable import App

@Suite struct MethodTests {
    @Test(arguments: [
        ("/sign-in", "GET, HEAD, OPTIONS, POST"), ("/healthz", "GET, HEAD, OPTIONS"),
        ("/week", "GET, HEAD, OPTIONS"), ("*", "GET, HEAD, OPTIONS, POST"),
        ("/robots.txt", "GET, HEAD, OPTIONS"), ("/api/ledger/balances", "GET, HEAD, OPTIONS"),
    ])
    func `who asks what an address takes is told`(path: String, allowed: String) throws {
        let rig = try Rig()
        let asked = try rig.answer(.options, path)
        #expect(asked.status == 204 && asked.body.isEmpty)
        #expect(asked.header("allow") == allowed)
        guard path != "*" else { return }
        let tried = try rig.answer(.delete, path)
        #expect(tried.status == 405)
        #expect(tried.header("allow") == allowed)
    }

    @Test(arguments: ["/nothing", "/static/nothing.css", "/api/nothing"])
    func `an address that is not there takes nothing`(path: String) throws {
        let asked = try Rig().answer(.options, path)
        #expect(asked.status == 404)
        #expect(asked.header("allow") == nil)
    }

    @Test(arguments: ["/week", "/", "/sign-in", "/audit"])
    func `whoever only asks about a page is sent where the page would send them`(path: String)
        throws
    {
        let rig = try Rig()
        let page = try rig.answer(.get, path)
        let head = try rig.answer(.head, path)
        #expect(head.status == page.status)
        #expect(head.header("location") == page.header("location"))
    }
}

extension Rig {
    fileprivate func answer(_ method: HTTPMethod, _ path: String) throws -> PageAnswer {
        try answer(
            to: HTTPRequest(
                method: method,
                path: path,
                headers: HTTPHeaders([("host", "localhost")]),
                receivedAt: clock.source.now()
            )
        )
    }
}
