import Basics
import Foundation
import TestSupport
import Testing

@testable import App

/// A machine is lost while it serves, and the community goes on from the second place.
@Suite(.serialized) struct ShippingJourneyTests {
    @Test func `after a kill the second place has what was acknowledged a second before`() throws {
        let served = try ShippedCommunity()
        try served.serve()
        try served.waitForBase()
        var acknowledged: [ShippedCommunity.Acknowledged] = []
        let start = Date()
        while Date().timeIntervalSince(start) < 2.5 {
            acknowledged.append(try #require(try served.enter()))
        }
        let killed = TimeSource.system.now()
        served.kill()

        let ended = try served.restore("last")
        #expect(ended.status == 0, "\(ended)")
        #expect(ended.lines.last?.contains("and verified it, in") == true)
        let last = try served.entries("last")
        for lost in acknowledged where lost.number > last {
            #expect(killed.milliseconds - lost.time.milliseconds <= 1000, "\(lost)")
        }
        // To any instant: exactly what was acknowledged until then.
        let kept = acknowledged.filter { $0.number <= last }
        try #require(kept.count > 1)
        for known in [kept[kept.count / 4], kept[kept.count / 2]] {
            let name = "at-\(known.number)"
            #expect(try served.restore(name, at: known.time).status == 0)
            #expect(try served.entries(name) == known.number)
            #expect(
                try Program.run("verify", "--data", "\(served.folder.path)/\(name)").status == 0
            )
        }
    }

    @Test func `what was restored serves, and ships again`() throws {
        let served = try ShippedCommunity()
        try served.serve()
        try served.waitForBase()
        let first = try #require(try served.enter())
        served.stop()
        #expect(try served.restore("again").status == 0)
        let again = served.folder.path + "/again"
        for name in ["master.key", "backup.key", "community.json"] {
            try FileManager.default.moveItem(
                atPath: "\(served.data)/\(name)",
                toPath: "\(again)/\(name)"
            )
        }
        try FileManager.default.removeItem(atPath: served.data)
        try FileManager.default.moveItem(atPath: again, toPath: served.data)
        try served.serve()
        let second = try #require(try served.enter())
        #expect(second.number == first.number + 1)
        try served.waitForBase()
        served.kill()
        #expect(try served.restore("third").status == 0)
        #expect(try served.entries("third") == second.number)
        #expect(try served.restore("before", at: first.time).status == 0)
        #expect(try served.entries("before") == first.number)
    }

    @Test func `a restart neither loses anything nor makes another base`() throws {
        let served = try ShippedCommunity()
        // A demonstration is looked into before it is served.
        try "made".write(
            toFile: served.data + "/demonstration",
            atomically: true,
            encoding: .utf8
        )
        try served.serve("--demo")
        try served.waitForBase()
        var last: ShippedCommunity.Acknowledged?
        for _ in 0..<3 {
            last = try served.enter()
            served.kill()
            try served.serve("--demo")
        }
        try served.wait("all is shipped") { try served.metric("kith_shipping_lag_seconds") == 0 }
        served.kill()
        #expect(try served.restore("last").status == 0)
        #expect(try served.entries("last") == last?.number)
        let bases = try FileManager.default.contentsOfDirectory(atPath: served.place)
            .filter { $0.hasPrefix("base") }
        #expect(bases.count == 1)
    }

    @Test func `a command is as good a place as a folder`() throws {
        let folder = try TestFolder()
        let place = folder.path + "/second"
        let command = "mkdir -p '\(place)' && cat > '\(place)/'$KITH_FILE"
        let served = try ShippedCommunity(shipping: "{\"command\": \"\(command)\"}")
        try served.serve()
        try served.waitForBase()
        let first = try #require(try served.enter())
        usleep(1_000_000)
        let second = try #require(try served.enter())
        usleep(1_000_000)
        served.kill()
        #expect(try served.restore("last", from: place).status == 0)
        #expect(try served.entries("last") == second.number)
        #expect(try served.restore("first", from: place, at: first.time).status == 0)
        #expect(try served.entries("first") == first.number)
    }

    @Test func `a place that cannot be reached stops nobody, and is told of`() throws {
        let served = try ShippedCommunity()
        // A file stands where the folder should be.
        try "".write(toFile: served.place, atomically: true, encoding: .utf8)
        try served.serve()
        for _ in 0..<5 { #expect(try served.enter() != nil) }
        #expect(try served.get("/readyz").status == 200)
        try served.wait("the metric shows it") {
            try served.metric("kith_shipping_trouble") == 1
        }
        usleep(200_000)
        #expect(try served.metric("kith_shipping_lag_seconds") ?? 0 > 0)
        let told = try served.problems()
        #expect(told.count == 1, "\(told)")
        #expect(
            told.first?.contains(
                "nothing can be shipped to \(served.place): \(served.place): it is there already"
            ) == true,
            "\(told)"
        )

        try FileManager.default.removeItem(atPath: served.place)
        try served.waitForBase()
        #expect(try served.metric("kith_shipping_trouble") == 0)
        let last = try #require(try served.enter())
        served.stop()
        #expect(try served.restore("last").status == 0)
        #expect(try served.entries("last") == last.number)
    }

    @Test func `settings that name no place are refused at start`() throws {
        for (shipping, words) in [
            ("{}", "needs either a folder"), ("{\"folder\": \"near\"}", "needs either a folder"),
            ("{\"folder\": \"/x\", \"keepDays\": 0}", "shipping.keepDays"),
        ] {
            let served = try ShippedCommunity(shipping: shipping)
            let ended = try Program.run("serve", "--data", served.data, "--port", "0")
            #expect(ended.status == 2)
            #expect(ended.problems.count == 1 && ended.problems[0].contains(words))
        }
        let served = try ShippedCommunity()
        try FileManager.default.removeItem(atPath: served.key)
        let ended = try Program.run("serve", "--data", served.data, "--port", "0")
        #expect(ended.status == 1)
        #expect(ended.problems.count == 1 && ended.problems[0].contains("kith keys create backup"))
    }
}
