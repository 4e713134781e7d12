import Foundation
import TestSupport
import Testing

/// `kith serve --develop`, for whoever works on pages.
@Suite struct DevelopmentTests {
    @Test func `the gallery draws every page, and a saved template is on the page at once`() throws
    {
        let home = NSTemporaryDirectory() + "home-\(UUID().uuidString)"
        let files = FileManager.default
        try files.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: home) }
        for folder in ["Templates", "Config", "Public", "Migrations"] {
            try files.copyItem(
                atPath: "\(TestStore.repository)/\(folder)",
                toPath: "\(home)/\(folder)"
            )
        }
        let served = try ServedCommunity(["--develop", "--home", home])
        let address = "http://localhost:\(served.port)"
        let gallery = try served.curl(["\(address)/development"])
        let links = gallery.matches(of: /href="(\/development\/pages\/\d+)"/).map { String($0.1) }
        #expect(links.count > 25)
        for link in links {
            let page = try served.curl(["-w", "%{http_code}", address + link])
            #expect(page.hasSuffix("200") && page.contains("</html>"), "\(link)")
        }

        let changes = Process()
        changes.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        changes.arguments = ["-sSN", "--max-time", "20", "\(address)/development/changes"]
        let output = Pipe()
        changes.standardOutput = output
        try changes.run()
        defer { changes.terminate() }
        Thread.sleep(forTimeInterval: 1)

        let template = home + "/Templates/sign-in.html"
        let before = try String(contentsOfFile: template, encoding: .utf8)
        let wrong = before.replacingOccurrences(of: "<h1>", with: "<h1>{{ nothing }}")
        try wrong.write(toFile: template, atomically: true, encoding: .utf8)
        for _ in 0..<100 where !served.said.contains("nothing") {
            Thread.sleep(forTimeInterval: 0.1)
        }
        #expect(served.said.contains("sign-in.html"))
        #expect(try served.curl(["\(address)/sign-in"]).contains("<h1>"))

        let right = before.replacingOccurrences(of: "<h1>", with: "<h1 id=\"changed\">")
        try right.write(toFile: template, atomically: true, encoding: .utf8)
        let event = output.fileHandleForReading.availableData
        #expect(String(decoding: event, as: UTF8.self).hasPrefix("event: changed"))
        #expect(try served.curl(["\(address)/sign-in"]).contains("id=\"changed\""))
    }

    @Test func `none of it is there otherwise`() throws {
        let rig = try Rig()
        #expect(try rig.browser().get("/development").status == 404)
        #expect(try !rig.browser().get("/sign-in").text.contains("development"))
    }
}
