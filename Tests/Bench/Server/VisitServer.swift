import Basics
import Dispatch
import HTTPServer
import Store
import Synchronization
import Templating
import Web

/// The product's server, site, templates and store over the bench's database, with its access
/// log on.
struct VisitServer {
    private let database: Database
    private let site: Site

    init(store: String) throws {
        database = try Database(file: store)
        try Migrations.load(folder: "Migrations").apply(to: database)
        let languages = try Languages.load(folder: "Config/locales")
        var routes = Routes()
        Visits(database: database).add(to: &routes)
        let database = database
        let number = Counter()
        // The bench's client brings no token of a form.
        let anyProgram = Access("anyone", needsFormToken: false) { _ in }
        routes.post("/postings", for: anyProgram) { _, _ in
            try database.write { try Postings.post(number.next(), in: $0) }
            return .text("done\n")
        }
        var hooks = Site.Hooks()
        hooks.identify = Asker.identify
        hooks.trace = Asker.trace
        site = Site(
            settings: Site.Settings(
                community: "Bench",
                version: "1",
                sourceURL: "",
                tokenKey: RandomSource.system.bytes(32)
            ),
            routes: routes,
            hooks: hooks,
            database: database,
            templates: try Templates.load(
                folder: "Tests/Bench/Templates/visits",
                languages: languages,
                pages: [PageExamples.shape(of: VisitsPage.self, in: languages.usual)],
                site: PageExamples.site(languages.usual)
            ),
            languages: languages,
            files: try StaticFiles.load(folder: "Public"),
            slow: SlowLane(),
            random: .system,
            report: { _, route, fault in
                BenchOutput.write(Array("\(route): \(fault)\n".utf8))
            }
        )
    }

    func serve(port: UInt16) throws {
        var settings = ServerSettings()
        settings.port = port
        let server = HTTPServer(
            settings: settings,
            log: Self.log,
            turn: { Round.run($0) },
            handler: site.handle
        )
        _ = try server.start()
        DispatchSemaphore(value: 0).wait()
    }

    private static let log = ServerLog(
        answered: { requests in
            let now = TimeSource.system.now().milliseconds
            BenchOutput.write(AnsweredRequest.lines(of: requests, at: now))
        },
        problem: { text in BenchOutput.write(Array("\(text)\n".utf8)) }
    )
}

/// One number after another, for keys that are used once.
private final class Counter: Sendable {
    private let last = Atomic<Int>(0)

    func next() -> Int { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
