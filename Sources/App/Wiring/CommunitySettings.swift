import FoundationEssentials
import Store

/// One community's settings: `Config/community.json`, and over it `community.json` in its own
/// data folder. In a demonstration `Config/demonstration.json` stands between the two: its code
/// and its readable letters are for people who do not exist.
struct CommunitySettings: Sendable {
    struct Mail: Sendable {
        /// Letters are put into this folder below the data folder instead of being sent. For a
        /// demonstration only, since the links in them open accounts.
        var folder: String?
        var smtp: String?
        var user: String?
        var passwordFile: String?
        var needsTLS: Bool?
        var from: String?
    }

    /// How to join without the web; what is not set is not shown.
    struct Contact: Sendable {
        var telephone: String?
        var post: String?
    }

    /// A second place that every change is shipped to at once: a folder or a command.
    struct Shipping: Sendable {
        var folder: String?
        /// Run by the shell, with the name of a file in `KITH_FILE` and the file on its input.
        var command: String?
        /// How long ago one can go back; 30 days unless told otherwise.
        var keepDays: Int?
        /// How often the whole store is shipped; each day unless told otherwise.
        var baseHours: Int?
    }

    private static let mostBytes = 1 << 20

    var name: String?
    var zone: String?
    /// Where people reach it, as links in letters must say: https://kith.example.org
    var address: String?
    var invitationCodes: [String]?
    var areas: [String]?
    /// Where the source of what runs here is offered, as its licence asks of a changed version.
    var source: String?
    var mail: Mail?
    var contact: Contact?
    /// Addresses, or ranges as 10.0.0.0/8, whose word on the client's address is taken.
    var trustedProxies: [String]?
    /// With certificates it speaks TLS itself: one of each kind of key at most.
    var tls: [Certificate]?
    var shipping: Shipping?
    var limits: Limits?

    struct Certificate: Sendable {
        var certificate: String
        var key: String
    }

    static func load(
        home: String,
        data: String,
        isDemonstration: Bool = false
    ) throws -> CommunitySettings {
        var settings = try read(home + "/Config/community.json") ?? CommunitySettings()
        if isDemonstration, let made = try read(home + "/Config/demonstration.json") {
            settings = settings.with(made)
        }
        return try settings.over(data, isDemonstration: isDemonstration)
    }

    /// Of one of many: its own over these, but for what can only be one's own.
    func community(at data: String) throws -> CommunitySettings {
        var shared = self
        shared.name = nil
        shared.address = nil
        shared.shipping = nil
        return try shared.over(data, isDemonstration: false)
    }

    private func over(_ data: String, isDemonstration: Bool) throws -> CommunitySettings {
        let settings = try Self.read(data + "/community.json").map(with) ?? self
        guard isDemonstration || settings.mail?.folder == nil else {
            throw Unusable(
                "\(data)/community.json: mail.folder is for a demonstration; set mail.smtp"
            )
        }
        return settings
    }

    /// What a real community cannot do without, for whoever starts it. One of many is reached at
    /// the host that its folder is named by.
    func missing(isOneOfMany: Bool = false) -> [String] {
        var lines: [String] = []
        if mail?.smtp == nil {
            lines.append("mail.smtp is not set, so nobody can confirm an email address")
        }
        if (invitationCodes ?? []).isEmpty {
            lines.append("invitationCodes is not set, so nobody can join")
        }
        if address == nil, !isOneOfMany {
            lines.append("address is not set, so links in letters lead to this computer")
        }
        return lines
    }

    /// What a file of many sets that is not read there, for whoever starts them: the folder's file,
    /// or a community's own.
    static func unread(in data: String, isFolder: Bool) throws -> [String] {
        let path = data + "/community.json"
        guard let own = try read(path) else { return [] }
        let names: [(name: String, isSet: Bool)] =
            isFolder
            ? [
                ("name", own.name != nil), ("address", own.address != nil),
                ("shipping", own.shipping != nil),
            ]
            : [
                ("tls", own.tls != nil), ("trustedProxies", own.trustedProxies != nil),
                ("limits", own.limits != nil),
            ]
        let place = isFolder ? "each community's own" : "the one of the folder of all"
        return names.filter(\.isSet).map { "\(path): \($0.name) is read only in \(place)" }
    }

    private static func read(_ path: String) throws -> CommunitySettings? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try FileReader(plain: path).next(mostBytes)
        } catch {
            throw Unusable("\(error)")
        }
        return try CommunitySettings(bytes, from: path)
    }

    private func with(_ own: CommunitySettings) -> CommunitySettings {
        CommunitySettings(
            name: own.name ?? name,
            zone: own.zone ?? zone,
            address: own.address ?? address,
            invitationCodes: own.invitationCodes ?? invitationCodes,
            areas: own.areas ?? areas,
            source: own.source ?? source,
            mail: own.mail?.over(mail) ?? mail,
            contact: own.contact?.over(contact) ?? contact,
            trustedProxies: own.trustedProxies ?? trustedProxies,
            tls: own.tls ?? tls,
            shipping: own.shipping?.over(shipping) ?? shipping,
            limits: own.limits?.over(limits) ?? limits
        )
    }
}
