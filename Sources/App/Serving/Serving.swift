import Basics
import HTTPServer
import Store

/// The server and the communities behind it: their stores stay as they are, while settings,
/// templates and certificates can be read anew over them.
final class Serving: Sendable {
    private let options: Options
    private let log = AccessLog()
    private let doors: Doors
    private let server: HTTPServer

    init(_ plan: ServingPlan, _ options: Options) throws {
        self.options = options
        let metrics = Metrics()
        let log = log
        var given = Household.Given()
        given.isDemonstration = options.isOn("demo")
        given.idleSeconds = Int64(try options.number("idle", 600, in: 1...86_400))
        if plan.folder != nil {
            given.mostOpen = try options.number(
                "most-open",
                Descriptors.mostCommunities,
                in: 1...1_000_000
            )
        }
        given.metrics = metrics
        if options.isOn("develop") {
            given.development = { Self.development($0, log) }
        }
        let doors = Doors(plan, given)
        self.doors = doors
        server = HTTPServer(
            settings: plan.server,
            log: log.server,
            refusal: doors.bare,
            turn: { Round.run($0) },
            handler: doors.handle
        )
        metrics.watch(server.counts)
    }

    /// Says what is wrong in the settings of any of many. The others are served.
    func check() {
        doors.check()
    }

    /// Throws what would keep this process from serving what another serves still.
    func rehearse() throws {
        try doors.rehearse()
    }

    /// Opens what is open from the beginning.
    func open() throws {
        try doors.open()
    }

    /// Which port it serves. The communities' own work begins once that is ours: a process that
    /// cannot serve leaves them as they are.
    func start(listener: Int32?) throws -> UInt16 {
        let port = try server.start(listener: listener)
        doors.begin()
        return port
    }

    var listener: Int32? { server.listener }

    /// What it serves, as it was read last.
    var plan: ServingPlan { doors.household.plan }

    /// What a command in another process asks.
    func answer(_ question: Control.Question) throws -> Control.Answer? {
        try doors.answer(question)
    }

    /// Goes on with settings, templates, languages and certificates as they are now. What is
    /// wrong in them changes nothing.
    func reload() {
        do {
            let plan = try ServingPlan(options)
            try plan.check()
            try server.reload(plan.server)
            if doors.change(to: plan) {
                log.told("settings, templates and certificates were read anew")
            }
        } catch {
            log.problem("settings were not read anew, all stays as it was: \(Plainly.words(error))")
        }
    }

    func stop(graceSeconds: Int) {
        server.stop(graceSeconds: graceSeconds)
        doors.end()
    }

    private static func development(_ home: Home, _ log: AccessLog) -> Development {
        let development = Development(
            templates: home.templates,
            pages: Community.pages,
            report: log.problem
        )
        development.watch()
        return development
    }
}
