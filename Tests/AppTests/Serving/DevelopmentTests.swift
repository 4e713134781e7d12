import Foundation
import TestSupport
import Testing

/// `kith serve --develop`, for whoever works on pages.
@Suite struct DevelopmentTests {
    private let folder: TestFolder
    private var home: String { folder.path + "/home" }

    init() throws {
        folder = try TestFolder()
        try HomeCopy.make(at: home)
    }

    /// Serves, and has looked at the files. The first look tells of all of them, and whatever is
    /// saved just then is told twice.
    private func serve() throws -> ServedCommunity {
        let served = try ServedCommunity(["--develop", "--home", home])
        for (old, new) in [("<h1>", "<h1 id=\"seen\">"), ("<h1 id=\"seen\">", "<h1>")] {
            try change("Templates/sign-in.html", old, new)
            let isSeen = try comes {
                try served.curl(["http://localhost:\(served.port)/sign-in"]).contains(new)
            }
            try #require(isSeen)
        }
        return served
    }

    /// An open page: how many times it would have loaded itself again.
    private final class Tab {
        private let process: ChildProcess
        private let file: String

        init(_ served: ServedCommunity, _ file: String) throws {
            self.file = file
            process = try ChildProcess(
                "/usr/bin/curl",
                [
                    "-sSNi", "--max-time", "300",
                    "http://localhost:\(served.port)/development/changes",
                ],
                output: .file(file)
            )
            try #require(comes { told.contains(" 200 ") }, "no page is open")
        }

        var events: Int { told.matches(of: /event: changed/).count }

        private var told: String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }

        func wait(for count: Int) {
            #expect(comes { events >= count })
        }
    }

    private func change(_ file: String, _ old: String, _ new: String) throws {
        let path = "\(home)/\(file)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains(old), "\(file)")
        try text.replacingOccurrences(of: old, with: new)
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func lock(_ file: String) throws {
        // As Emacs leaves one beside what is being changed: a link that leads nowhere.
        try FileManager.default.createSymbolicLink(
            atPath: "\(home)/\(file)",
            withDestinationPath: "ann@desk.4711"
        )
    }

    @Test func `the gallery draws every page, and a saved template is on the page at once`() throws
    {
        let served = try serve()
        let address = "http://localhost:\(served.port)"
        let gallery = try served.curl(["\(address)/development"])
        let links = gallery.matches(of: /href="(\/development\/pages\/\d+)"/).map { String($0.1) }
        #expect(links.count > 25)
        for link in links {
            let page = try served.curl(["-w", "%{http_code}", address + link])
            #expect(page.hasSuffix("200") && page.contains("</html>"), "\(link)")
        }

        let tab = try Tab(served, folder.path + "/tab")
        let template = "Templates/sign-in.html"
        try change(template, "<h1>", "<h1>{{ nothing }}")
        try #require(comes { served.said.contains("nothing") })
        #expect(served.said.contains("sign-in.html"))
        #expect(try served.curl(["\(address)/sign-in"]).contains("<h1>"))
        #expect(tab.events == 0)

        try change(template, "<h1>{{ nothing }}", "<h1 id=\"changed\">")
        tab.wait(for: 1)
        #expect(try served.curl(["\(address)/sign-in"]).contains("id=\"changed\""))
    }

    @Test func `a saved phrase is in titles and errors too`() throws {
        let served = try serve()
        let address = "http://localhost:\(served.port)"
        let tab = try Tab(served, folder.path + "/tab")
        try change(
            "Config/locales/en-GB/identity.json",
            #""identity.sign-in.title": "Sign in""#,
            #""identity.sign-in.title": "Come in""#
        )
        tab.wait(for: 1)
        #expect(try served.curl(["\(address)/sign-in"]).contains("<title>Come in"))
        try change(
            "Config/locales/en-GB/web.json",
            #""web.error.404.title": ""#,
            #""web.error.404.title": "Lost: "#
        )
        tab.wait(for: 2)
        #expect(try served.curl(["\(address)/nowhere"]).contains("<h1>Lost: "))
    }

    @Test func `a page that is open hears of changes after SIGHUP too`() throws {
        let served = try serve()
        let tab = try Tab(served, folder.path + "/tab")
        served.hangUp(until: "were read anew")
        // What was read anew may be on the page.
        tab.wait(for: 1)
        try change("Templates/sign-in.html", "<h1>", "<h1 id=\"changed\">")
        tab.wait(for: 2)
        #expect(
            try served.curl(["http://localhost:\(served.port)/sign-in"])
                .contains("id=\"changed\"")
        )
    }

    @Test func `what an editor leaves beside a file keeps nobody from starting or changing it`()
        throws
    {
        try lock("Templates/bookings/.#moving.html")
        try lock("Config/locales/en-GB/.#web.json")
        try FileManager.default.createDirectory(
            atPath: home + "/Config/locales/.hidden",
            withIntermediateDirectories: false
        )
        let served = try serve()
        let tab = try Tab(served, folder.path + "/tab")
        try lock("Templates/.#sign-in.html")
        try change("Templates/sign-in.html", "<h1>", "<h1 id=\"changed\">")
        tab.wait(for: 1)
        #expect(!served.said.contains("Error"), "\(served.said)")
    }

    @Test func `what cannot be read while pages are worked on is told plainly`() throws {
        let served = try serve()
        // No lock of an editor's: a template that leads nowhere.
        try lock("Templates/lost.html")
        let words = "lost.html: there is no such file or folder"
        try #require(comes { served.said.contains("lost.html") })
        #expect(served.said.contains(words) && !served.said.contains("Cocoa"), "\(served.said)")
    }

    @Test func `none of it is there otherwise`() throws {
        let rig = try Rig()
        #expect(try rig.browser().get("/development").status == 404)
        #expect(try !rig.browser().get("/sign-in").text.contains("development"))
    }
}
