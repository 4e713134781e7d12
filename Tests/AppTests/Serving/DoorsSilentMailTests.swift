import Basics
import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import App

/// A mail server that takes connections and never says a word.
private final class SilentServer: Sendable {
    let port: Int
    private let listener: Int32
    private let taken = Mutex<[Int32]>([])

    init() throws {
        let found = try LoopbackListener()
        listener = found.descriptor
        port = found.port
    }

    func waitForSomebody() throws {
        try #require(comesToRead(listener))
        let found = accept(listener, nil, nil)
        taken.withLock { $0.append(found) }
    }

    func end() {
        close(listener)
        for descriptor in taken.withLock({ $0 }) { close(descriptor) }
    }
}

@Suite struct DoorsSilentMailTests {
    @Test func `a letter that nobody takes holds up neither new settings nor other communities`()
        throws
    {
        let server = try SilentServer()
        let many = try ManyCommunities(["north.example", "south.example"])
        func call(_ name: String) throws {
            let mail = #"{"smtp": "smtp://127.0.0.1:\#(server.port)", "needsTLS": false}"#
            try ManyCommunities.settings(
                #"{"name": "\#(name)", "mail": \#(mail)}"#,
                of: many.data("north.example")
            )
        }
        try call("First")
        let north = many.browser("north.example")
        _ = try north.post("/password-reset", ["name": "ben"])
        try server.waitForSomebody()

        // Whoever waits for the letter waits half a minute.
        let begun = ContinuousClock.now
        for name in ["Second", "Third"] {
            try call(name)
            #expect(try many.doors.change(to: ManyCommunities.plan(many.folder.path)))
            #expect(try north.get("/").text.contains(name))
        }
        #expect(try many.get("south.example").status == 200)
        #expect(begun.duration(to: .now) < .seconds(25))

        // The letter is left for the settings of now, whose work begins.
        many.doors.household.settle()
        #expect(begun.duration(to: .now) < .seconds(25))
        let door = try #require(many.doors.door(at: "north.example"))
        #expect(door.state.withLock { $0.isStarted && $0.guests == 0 })
        server.end()
    }
}
