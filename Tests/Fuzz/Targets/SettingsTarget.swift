import Foundation

@testable import App
@testable import Channels

/// A community's settings: any bytes are settings or are refused, and a name, an address or a
/// password file that is not there is never made up.
enum SettingsTarget {
    static func check(_ bytes: [UInt8]) throws {
        guard let settings = try? CommunitySettings(bytes, from: "settings") else { return }
        // Foundation's two readers differ on what is no JSON: only what both take is compared.
        guard let read = try? JSONSerialization.jsonObject(with: Data(bytes)) else { return }
        let json = read as? [String: Any] ?? [:]
        try same(settings.name, json["name"] as? String, "the name")
        try same(settings.areas, json["areas"] as? [String], "the areas")
        let mail = json["mail"] as? [String: Any]
        try same(settings.mail?.passwordFile, mail?["passwordFile"] as? String, "the password")
        let host = LetterSettings(address: settings.address ?? "", from: "").host
        try hold(!host.contains("/") && !host.contains(":"), "a host without a port")
    }
}
