import Crypto
import HTTPServer
import Store
import Vault

/// `kith serve`: one community, until a signal, or until another process takes over.
struct Serve {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        let signals = Signals()
        let data = options.dataFolder
        // Whatever can be wrong is found before a running process is asked to go.
        let plan = try ServingPlan(options)
        let listener = options.isOn("take-over") ? try TakeOver.listener(of: data) : nil
        if options.isOn("demo") {
            try SeedDemonstration(options).runIfEmpty(plan.home, plan.master, plan.settings)
        }

        let database = try Opening.database(options, shipping: plan.shipping)
        let serving = try Serving(plan, options, database: database)
        let handOver = HandOver(place: { serving.listener }, asked: signals.stop)
        // Before anyone is told that we are ready.
        let control = control(in: data, serving, handOver)
        let port = try serving.start(listener: listener)
        signals.onHangUp = serving.reload
        let scheme = plan.server.identities.isEmpty ? "http" : "https"
        Output.line("Kith \(Version.text) serves \(data) at \(scheme)://localhost:\(port)")
        if options.isOn("demo") { Demonstration.printSignIns() }
        if !options.isOn("demo") {
            for line in plan.settings.missing { Output.problem("kith: \(line)") }
        }

        signals.wait()
        Output.line("Kith is stopping: what is in flight finishes first")
        control?.stop()
        serving.stop(graceSeconds: try options.number("grace", 30, in: 0...600))
        // Whoever takes over waits for this.
        handOver.finish()
    }

    /// Without it commands cannot reach us, as on a full disk; people still can.
    private func control(in data: String, _ serving: Serving, _ handOver: HandOver) -> Control? {
        do {
            return try Control.listen(in: data, handOver, serving.answer)
        } catch {
            serving.log.problem("\(error)")
            return nil
        }
    }
}

/// All that serving needs and that can be found wrong before the store is opened.
struct ServingPlan {
    let home: Home
    let settings: CommunitySettings
    let server: ServerSettings
    let master: MasterKey
    /// Where to is settled when the store is opened.
    let shipping: Shipping?

    init(_ options: Options) throws {
        try Opening.folder(options.dataFolder)
        home = try Home.load(options.homeFolder)
        settings = try CommunitySettings.load(
            home: options.homeFolder,
            data: options.dataFolder,
            isDemonstration: options.isOn("demo")
        )
        server = try Self.server(options, settings)
        master = try Opening.master(options)
        shipping = try SecondPlace.shipping(settings, options, report: AccessLog().problem)
    }

    private static func server(
        _ options: Options,
        _ settings: CommunitySettings
    ) throws -> ServerSettings {
        var choices = ServerSettings()
        // Loopback only, unless told otherwise.
        choices.address = options["address"] ?? "127.0.0.1"
        choices.port = UInt16(try options.number("port", 8080, in: 0...65535))
        choices.uploadFolder = options.dataFolder
        let proxies =
            (settings.trustedProxies ?? []) + (options["trusted-proxy"].map { [$0] } ?? [])
        choices.trustedProxies = try proxies.map { text in
            guard let range = AddressRange(text) else {
                throw Unusable("the trusted proxy \(text) is not an address, as 10.0.0.0/8 is")
            }
            return range
        }
        choices.identities = (settings.tls ?? []).map {
            TLSIdentity(certificatePath: $0.certificate, keyPath: $0.key)
        }
        if let certificate = options["tls-certificate"] {
            guard let key = options["tls-key"] else {
                throw Unusable("--tls-certificate needs --tls-key")
            }
            choices.identities.append(TLSIdentity(certificatePath: certificate, keyPath: key))
        }
        try HTTPServer.check(choices)
        return choices
    }
}
