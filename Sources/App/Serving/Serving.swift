import Basics
import Channels
import Events
import HTTPServer
import Store
import Synchronization
import Web

/// A community that is being served: its store stays open, while its settings, templates and
/// certificates can be read anew under it.
final class Serving: Sendable {
    private let options: Options
    private let database: Database
    let log = AccessLog()
    private let mailbox: Mailbox?
    private let metrics = Metrics()
    private let front: Front
    private let server: HTTPServer

    init(_ plan: ServingPlan, _ options: Options, database: Database) throws {
        self.options = options
        self.database = database
        mailbox = options.isOn("demo") ? Mailbox() : nil
        let community = try Self.community(plan, options, database, mailbox, metrics, log)
        let front = Front(community)
        self.front = front
        server = HTTPServer(
            settings: plan.server,
            log: log.server,
            errorPage: { front.community.site.barePage($0) },
            handler: { front.community.site.handle($0, $1) }
        )
        metrics.watch(server.counts)
    }

    /// Which port it serves.
    func start(listener: Int32?) throws -> UInt16 {
        let port = try server.start(listener: listener)
        Checkpoints.begin(on: database)
        front.community.runner.start()
        return port
    }

    var listener: Int32? { server.listener }

    /// What a command in another process asks.
    func answer(_ question: Control.Question) throws -> [String] {
        try front.community.answer(question)
    }

    /// Goes on with settings, templates, languages and certificates as they are now. What is
    /// wrong in them changes nothing.
    func reload() {
        do {
            let plan = try ServingPlan(options)
            let fresh = try Self.community(plan, options, database, mailbox, metrics, log)
            try server.reload(plan.server)
            let old = front.change(to: fresh)
            old.runner.stop()
            fresh.runner.start()
            log.told("settings, templates and certificates were read anew")
        } catch {
            log.problem("settings were not read anew, all stays as it was: \(error)")
        }
    }

    func stop(graceSeconds: Int) {
        server.stop(graceSeconds: graceSeconds)
        front.community.runner.stop()
        database.close()
    }

    private static func development(
        _ plan: ServingPlan,
        _ options: Options,
        _ log: AccessLog
    ) -> Development? {
        guard options.isOn("develop") else { return nil }
        let development = Development(
            templates: plan.home.templates,
            pages: Community.pages,
            report: log.problem
        )
        development.watch()
        return development
    }

    private static func community(
        _ plan: ServingPlan,
        _ options: Options,
        _ database: Database,
        _ mailbox: Mailbox?,
        _ metrics: Metrics,
        _ log: AccessLog
    ) throws -> Community {
        let scheme = plan.server.identities.isEmpty ? "http" : "https"
        return try Community(
            Community.Given(
                settings: plan.settings,
                home: plan.home,
                address: plan.settings.address ?? "\(scheme)://localhost:\(plan.server.port)",
                mailbox: mailbox,
                metrics: metrics,
                development: development(plan, options, log),
                time: .system,
                random: .system,
                master: plan.master,
                sender: try Opening.sender(plan.settings, data: options.dataFolder),
                report: log.fault,
                log: log.problem
            ),
            database: database
        )
    }
}

/// Which wiring of the community takes the next request.
private final class Front: Sendable {
    private let current: Mutex<Community>

    init(_ community: Community) {
        current = Mutex(community)
    }

    var community: Community { current.withLock { $0 } }

    /// The one before, whose requests in flight finish as they began.
    func change(to fresh: Community) -> Community {
        current.withLock { current in
            defer { current = fresh }
            return current
        }
    }
}
