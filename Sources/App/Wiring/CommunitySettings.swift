import FoundationEssentials

/// One community's settings: `Config/community.json`, and over it `community.json` in its own
/// data folder.
struct CommunitySettings: Decodable, Sendable {
    struct Mail: Decodable, Sendable {
        /// Letters are put into this folder below the data folder instead of being sent.
        var folder: String?
        var smtp: String?
        var user: String?
        var passwordFile: String?
        var needsTLS: Bool?
        var from: String?
    }

    var name: String?
    var zone: String?
    /// Where people reach it, as links in letters must say: https://kith.example.org
    var address: String?
    var invitationCodes: [String]?
    var areas: [String]?
    /// Where the source of what runs here is offered, as its licence asks of a changed version.
    var source: String?
    var mail: Mail?
    var trustedProxies: [String]?

    static func load(home: String, data: String) throws -> CommunitySettings {
        let common = try read(home + "/Config/community.json") ?? CommunitySettings()
        guard let own = try read(data + "/community.json") else { return common }
        return common.with(own)
    }

    private static func read(_ path: String) throws -> CommunitySettings? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            return try JSONDecoder().decode(CommunitySettings.self, from: bytes)
        } catch {
            throw Unusable("\(path) cannot be read as settings: \(error)")
        }
    }

    private func with(_ own: CommunitySettings) -> CommunitySettings {
        CommunitySettings(
            name: own.name ?? name,
            zone: own.zone ?? zone,
            address: own.address ?? address,
            invitationCodes: own.invitationCodes ?? invitationCodes,
            areas: own.areas ?? areas,
            source: own.source ?? source,
            mail: own.mail ?? mail,
            trustedProxies: own.trustedProxies ?? trustedProxies
        )
    }
}
