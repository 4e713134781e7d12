import Basics
import Events
import HTTPServer
import Store
import Web

/// `kith serve`: one community, until a signal.
struct Serve {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        let port = try options.number("port", 8080, in: 0...65535)
        let data = options.dataFolder
        try Opening.folder(data)
        let master = try Opening.master(options)
        let settings = try CommunitySettings.load(
            home: options.homeFolder,
            data: data,
            isDemonstration: options.isOn("demo")
        )
        if options.isOn("demo") { try SeedDemonstration(options).runIfEmpty(master, settings) }

        let database = try Opening.database(options)
        let log = AccessLog()
        let address = settings.address ?? "http://localhost:\(port)"
        let community = try Community(
            Community.Given(
                settings: settings,
                home: options.homeFolder,
                address: address,
                isDemonstration: options.isOn("demo"),
                time: .system,
                random: .system,
                master: master,
                sender: try Opening.sender(settings, data: data),
                report: log.fault,
                log: log.problem
            ),
            database: database
        )
        let server = HTTPServer(
            settings: try serverSettings(port: UInt16(port), settings),
            log: log.server,
            errorPage: community.site.barePage,
            handler: community.site.handle
        )
        community.metrics.watch(server.counts)
        // Before anyone is told that we are ready.
        let control = control(in: data, community, log)
        let bound = try server.start()
        try database.write { try Checkpoints.plan(in: $0) }
        community.runner.start()
        Output.line("Kith \(Version.text) serves \(data) at http://localhost:\(bound)")
        if options.isOn("demo") { Demonstration.printSignIns() }
        if settings.mail?.smtp == nil, !options.isOn("demo") {
            Output.problem("kith: mail.smtp is not set, so nobody can confirm an email address")
        }

        Ending.wait()
        Output.line("Kith is stopping: what is in flight finishes first")
        server.stop(graceSeconds: try options.number("grace", 30, in: 0...600))
        community.runner.stop()
        control?.stop()
        database.close()
    }

    /// Without it commands cannot reach us, as on a full disk; people still can.
    private func control(
        in data: String,
        _ community: Community,
        _ log: AccessLog
    ) -> Control? {
        do {
            return try Control.listen(in: data, community.answer)
        } catch {
            log.problem("\(error)")
            return nil
        }
    }

    private func serverSettings(
        port: UInt16,
        _ settings: CommunitySettings
    ) throws -> ServerSettings {
        var choices = ServerSettings()
        // Loopback only, unless told otherwise.
        choices.address = options["address"] ?? "127.0.0.1"
        choices.port = port
        let proxies =
            (settings.trustedProxies ?? []) + (options["trusted-proxy"].map { [$0] } ?? [])
        choices.trustedProxies = try proxies.map { text in
            guard let range = AddressRange(text) else {
                throw Unusable("the trusted proxy \(text) is not an address, as 10.0.0.0/8 is")
            }
            return range
        }
        return choices
    }
}
