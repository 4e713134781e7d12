import Basics
import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import App
@testable import HTTPServer
@testable import Web

/// What is refused before a page knows of it, and where its page is drawn.
@Suite struct RefusalTests {
    private func post(
        _ body: HTTPBody,
        as type: String,
        on rig: Rig
    ) throws -> PageAnswer {
        try rig.answer(
            to: HTTPRequest(
                method: .post,
                path: "/sign-in",
                headers: HTTPHeaders([("host", "localhost"), ("content-type", type)]),
                body: body,
                receivedAt: rig.clock.source.now()
            )
        )
    }

    @Test func `a page that is not there waits behind no hash, and no more does a refused change`()
        throws
    {
        let rig = try Rig()
        let ben = try rig.browser("ben")
        let gate = DispatchSemaphore(value: 0)
        // Both workers are busy, and the line is not full.
        let hashed = Atomic(0)
        for _ in 0..<4 {
            let isTaken = rig.community.site.slow.run {
                _ = gate.comes()
                hashed.add(1, ordering: .relaxed)
            }
            #expect(isTaken)
        }
        defer { for _ in 0..<4 { gate.signal() } }
        #expect(try ben.get("/nothing").status == 404)
        #expect(try ben.get("/hat-requests").status == 403)
        #expect(try ben.post("/bookings/0000000000000/cancellation", [:]).status == 404)
        #expect(try ben.post("/payment-runs", [:]).status == 403)
        #expect(hashed.load(ordering: .relaxed) == 0)
    }

    @Test func `no page is drawn where others wait to write`() throws {
        let rig = try Rig()
        let key = DispatchSpecificKey<Bool>()
        rig.community.site.refusals.setSpecific(key: key, value: true)
        let wasApart = Mutex<[Bool]>([])
        let ben = Browser(time: rig.clock.source) { request in
            try PageAnswer.waited { responder in
                rig.community.site.handle(
                    request,
                    Responder { response in
                        let isApart = DispatchQueue.getSpecific(key: key) == true
                        wasApart.withLock { $0.append(isApart) }
                        responder.send(response)
                    }
                )
            }
        }
        _ = try ben.post("/sign-in", ["name": "ben", "password": Demonstration.password])
        _ = try ben.get("/notices")
        #expect(try ben.post("/payment-runs", [:]).status == 403)
        #expect(wasApart.withLock { $0 }.map { $0 } == [false, false, false, true])
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded", "Application/X-WWW-Form-URLencoded",
        "application/x-www-form-urlencoded ; charset=UTF-8",
    ])
    func `a form is known by its kind, however that is spelt`(type: String) throws {
        let rig = try Rig()
        let answer = try post(.bytes(Array("name=ben".utf8)), as: type, on: rig)
        // It is read, and then found to be of no page of ours.
        #expect(answer.status == 403, "\(answer.status)")
    }

    @Test func `a form that is longer than any of ours is told to be that`() throws {
        let rig = try Rig()
        let writer = try SpooledFile.Writer(folder: "/tmp", room: SpoolRoom(1 << 20))
        try writer.append(Array("name=".utf8)[...])
        let answer = try post(
            .file(try writer.finish()),
            as: "application/x-www-form-urlencoded",
            on: rig
        )
        #expect(answer.status == 413)
        #expect(answer.text.contains("That is too long"))
    }

    @Test func `whoever has to sign in first comes back to what was asked, with all of it`() throws
    {
        let rig = try Rig()
        let visitor = try rig.browser()
        let sent = try visitor.get("/week?a=1&b=2%20+3;4")
        #expect(sent.status == 303)
        let page = try visitor.get(try #require(sent.location))
        #expect(
            page.text.contains(#"name="back" value="/week?a=1&amp;b=2%20+3;4""#),
            "\(page.text)"
        )
    }
}
