import Basics
import Channels
import Crypto
import FoundationEssentials
import Identity
import Relationships
import Store
import Vault

/// Opening the store and keys of a data folder, in the order in which a fault can be told most
/// clearly.
enum Opening {
    static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    static func folder(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: ServingPlan.lockPath(path) + ".lock") else {
            throw Unusable(
                "\(path) is a folder of many communities: name the one in it that is meant"
            )
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Unusable("the data folder \(path) cannot be made: \(Plainly.words(error))")
        }
    }

    static func storePath(_ data: String) -> String { data + "/kith.db" }

    static func keyPath(_ options: Options) -> String {
        options["key"] ?? options.dataFolder + "/master.key"
    }

    static func backupKeyPath(_ options: Options) -> String {
        options["backup-key"] ?? options.dataFolder + "/backup.key"
    }

    static func backupKey(_ options: Options) throws -> SecretKey {
        try BackupKey.load(backupKeyPath(options)).key
    }

    /// As commands open it that serve nobody.
    static func database(_ options: Options) throws -> Database {
        let settings = try CommunitySettings.load(
            home: options.homeFolder,
            data: options.dataFolder,
            isDemonstration: options.isOn("demo")
        )
        let shipping = try SecondPlace.shipping(settings, options) { line in
            Output.problem("kith: \(line)")
        }
        return try database(options, shipping: shipping)
    }

    static func database(
        _ options: Options,
        time: TimeSource = .system,
        shipping: Shipping?,
        migrations: Migrations? = nil,
        cacheKilobytes: Int? = nil,
        writeWaiting: Int? = nil,
        onSuspect: @escaping @Sendable (String) -> Void = endOnSuspicion,
        onTrouble: @escaping @Sendable (String) -> Void = { Output.problem("kith: \($0)") }
    ) throws -> Database {
        var choices = Database.Options()
        choices.time = time
        choices.shipping = shipping
        choices.lookersWaitSeconds = 30
        choices.ids = IDSource(random: .system)
        choices.onSuspect = onSuspect
        choices.onTrouble = onTrouble
        if let cacheKilobytes { choices.cacheKilobytes = cacheKilobytes }
        if let writeWaiting { choices.limits.line = writeWaiting }
        let path = storePath(options.dataFolder)
        let isMade = try NewStore.isMade(at: path, shipping)
        let database = try Database(file: path, options: choices)
        if isMade, !options.isOn("demo") { onTrouble("made a new, empty store at \(path)") }
        try (migrations ?? self.migrations(options)).apply(to: database)
        return database
    }

    /// Those of this program.
    static func migrations(_ options: Options) throws -> Migrations {
        try Migrations.load(folder: options.homeFolder + "/Migrations")
    }

    /// The next start goes on from what the disk really holds.
    static let endOnSuspicion: @Sendable (String) -> Void = { line in
        Output.problem("kith: \(line)")
        Ending.atOnce(code: 1)
    }

    /// A store and the door to what is sealed in it, for a command when nobody serves it.
    static func records(_ options: Options) throws -> (Database, Records) {
        let settings = try CommunitySettings.load(
            home: options.homeFolder,
            data: options.dataFolder
        )
        let master = try master(options)
        let database = try database(options)
        let vault = try Vault.open(
            database: database,
            master: master,
            community: settings.name ?? "Kith"
        )
        return (database, Records(vault: vault, standing: Graph.standing))
    }

    /// A demonstration makes its own key, before its store; a real community's is made once, on
    /// purpose, and kept apart from the data.
    static func master(_ options: Options) throws -> MasterKey {
        let path = keyPath(options)
        let files = FileManager.default
        if options.isOn("demo"), !files.fileExists(atPath: path),
            !files.fileExists(atPath: storePath(options.dataFolder))
        {
            try MasterKey.create(path)
        }
        return try MasterKey.load(path)
    }

    static func sender(_ settings: CommunitySettings, data: String) throws -> MailSender {
        guard let mail = settings.mail else { return .none }
        if let url = mail.smtp {
            let password = try mail.passwordFile.map(password)
            return .smtp(
                SMTPSettings(
                    url: url,
                    user: mail.user,
                    password: password,
                    needsTLS: mail.needsTLS ?? true
                )
            )
        }
        if let folder = mail.folder { return .folder(data + "/" + folder) }
        return .none
    }

    /// The first line of the file.
    private static func password(_ path: String) throws -> String {
        let bytes: [UInt8]
        do {
            bytes = try FileReader(plain: path).next(1 << 16)
        } catch {
            throw Unusable("the file that mail.passwordFile names cannot be read: \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self),
            let line = text.split(whereSeparator: \.isNewline).first
        else { throw Unusable("mail.passwordFile names \(path), which holds no password") }
        return String(line)
    }
}
