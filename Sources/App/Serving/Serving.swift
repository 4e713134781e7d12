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
    private let development: Development?

    init(_ plan: ServingPlan, _ options: Options) throws {
        self.options = options
        let metrics = Metrics()
        let log = log
        var given = Household.Given()
        given.isDemonstration = options.isOn("demo")
        given.idleSeconds = Int64(try options.number("idle", 600, in: 1...86_400))
        if let most = plan.mostOpen { given.mostOpen = most }
        given.metrics = metrics
        if options.isOn("develop") {
            given.development = Development(
                templates: plan.home.templates,
                pages: Community.pages,
                report: log.problem
            )
        }
        development = given.development
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
        development?.watch()
    }

    /// Says what is wrong in the settings of any of many. The others are served.
    func check() {
        doors.check()
    }

    /// Throws what would keep this process from serving what another serves still.
    func rehearse() throws {
        try doors.rehearse()
    }

    /// Opens what is open from the beginning, to be served at `listener` if that is there already.
    func open(at listener: Int32?) throws {
        if let listener { doors.household.settle(at: HTTPServer.port(of: listener)) }
        try doors.open()
    }

    /// Which port it serves. The communities' own work begins once that is ours: a process that
    /// cannot serve leaves them as they are.
    func start(listener: Int32?) throws -> UInt16 {
        let port = try server.start(listener: listener)
        doors.household.settle(at: port)
        doors.begin()
        return port
    }

    func listenerAgain() -> Int32? { server.listenerAgain() }

    /// What it serves, as it was read last.
    var plan: ServingPlan { doors.household.plan }

    /// What a command in another process asks.
    func answer(_ question: Control.Question) throws -> Control.Answer? {
        try doors.answer(question)
    }

    /// Goes on with settings, templates, languages and certificates as they are now. What is
    /// wrong in them changes nothing. The schema stays that of this program, whatever migrations
    /// lie there for a newer one.
    func reload() {
        do {
            let now = self.plan
            let plan = try ServingPlan(options, migrations: now.home.migrations)
                .at(port: now.server.port)
            try plan.check()
            let isWhole = try doors.change(to: plan) { try server.reload(plan.server) }
            development?.follow(plan.home.templates)
            if isWhole { log.told("settings, templates and certificates were read anew") }
        } catch {
            log.problem("settings were not read anew, all stays as it was: \(Plainly.words(error))")
        }
    }

    func stop(graceSeconds: Int) {
        server.stop(graceSeconds: graceSeconds)
        doors.end()
    }
}
