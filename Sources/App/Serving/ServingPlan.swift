import Basics
import Channels
import Crypto
import FoundationEssentials
import HTTPServer
import Store
import Vault

/// What the communities of a process share, and what in it can be wrong before any is opened.
struct ServingPlan: Sendable {
    let home: Home
    private(set) var server: ServerSettings
    let limits: Limits
    /// The folder with a data folder for each of many communities; nil where one is served.
    let folder: String?
    /// How many of them may be open at once.
    let mostOpen: Int?
    private let options: Options
    /// What stands under the settings of each of many.
    private let shared: CommunitySettings

    /// `home` where it has been read already, `migrations` where the process serves already.
    init(_ options: Options, home: Home? = nil, migrations: Migrations? = nil) throws {
        self.options = options
        folder = try options.communitiesFolder
        if let folder {
            guard Opening.isFolder(folder) else { throw Unusable("there is no folder \(folder)") }
            guard Database.isMissing(Opening.storePath(folder)) else {
                throw Unusable(
                    "\(folder) holds a store, so it is one community: "
                        + "serve it with --data, or name the folder that it is in"
                )
            }
        } else if options.isOn("demo") {
            try Opening.folder(options.dataFolder)
        } else {
            let data = options.dataFolder
            guard Opening.isFolder(data) else {
                throw Unusable(
                    "there is no folder \(data): "
                        + "`kith keys create --data \(data)` makes it, with its key"
                )
            }
        }
        self.home = try home ?? Home.load(options.homeFolder, migrations: migrations)
        shared = try CommunitySettings.load(
            home: options.homeFolder,
            data: folder ?? options.dataFolder,
            isDemonstration: options.isOn("demo")
        )
        limits = shared.limits ?? Limits()
        mostOpen = try folder.map { _ in
            try options.number("most-open", Descriptors.mostCommunities, in: 1...1_000_000)
        }
        server = try Self.server(
            options,
            shared,
            files: folder ?? options.dataFolder,
            mostOpen: mostOpen ?? 0
        )
    }

    /// The same at the port that is really served, which links lead to: another process's, or one
    /// that was free.
    func at(port: UInt16) -> ServingPlan {
        var plan = self
        plan.server.port = port
        return plan
    }

    /// Where whoever takes over, and commands, find this process.
    var place: String { folder ?? options.dataFolder }

    /// Held by the process that serves a folder of many.
    static func lockPath(_ folder: String) -> String { folder + "/communities" }

    /// The data folder of the community that is reached at a host.
    func data(of name: String) -> String {
        folder.map { "\($0)/\(name)" } ?? options.dataFolder
    }

    /// Of one community everything, since it is there from the beginning. Many have to be right
    /// when they are opened, each for itself.
    func check() throws {
        if folder == nil { _ = try community("") }
    }

    /// All that opening a community needs but its store. Throws what is wrong in it.
    func community(_ name: String) throws -> CommunityPlan {
        let own = folder == nil ? options : options.serving(data: data(of: name))
        guard options.isOn("demo") || !DemonstrationMark(own.dataFolder).isThere else {
            throw Unusable(
                "\(own.dataFolder) holds the demonstration, whose passwords everybody knows: "
                    + "serve it alone, with --demo"
            )
        }
        let settings =
            folder == nil ? shared : try shared.community(at: own.dataFolder)
        return CommunityPlan(
            options: own,
            settings: settings,
            address: settings.address ?? address(of: name),
            master: try Opening.master(own),
            sender: try Opening.sender(settings, data: own.dataFolder),
            // Where to is settled when the store is opened.
            shipping: try SecondPlace.shipping(settings, own, report: AccessLog(name).problem)
        )
    }

    /// Where people reach a community that does not say. Behind a proxy they speak TLS to that.
    private func address(of name: String) -> String {
        let isSealed = !server.identities.isEmpty
        if folder != nil, !server.trustedProxies.isEmpty { return "https://\(name)" }
        return
            "\(isSealed ? "https" : "http")://\(folder == nil ? "localhost" : name):\(server.port)"
    }

    private static func server(
        _ options: Options,
        _ settings: CommunitySettings,
        files: String,
        mostOpen: Int
    ) throws -> ServerSettings {
        var choices = (settings.limits ?? Limits()).server
        // Loopback only, unless told otherwise.
        choices.address = options["address"] ?? "127.0.0.1"
        choices.port = UInt16(try options.number("port", 8080, in: 0...65535))
        choices.uploadFolder = files
        choices.connections = Descriptors.connections(choices.connections, beside: mostOpen)
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

/// One community before its store is opened.
struct CommunityPlan: Sendable {
    let options: Options
    let settings: CommunitySettings
    let address: String
    let master: MasterKey
    let sender: MailSender
    let shipping: Shipping?
}
