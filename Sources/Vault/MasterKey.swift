package import Basics
package import Crypto
import FoundationEssentials

/// The key above all keys of one installation. It lives in a file of its own, kept apart from
/// the data, and a copy of it belongs in a safe place: without it nothing can be read.
package struct MasterKey: Sendable {
    package let key: SecretKey

    private static let heading = "kith-master-key-1"

    package init(key: SecretKey) {
        self.key = key
    }

    package func derived(for purpose: String) -> [UInt8] {
        key.derived(for: purpose).bytes
    }

    /// Makes a new key file, readable by its owner alone. Never overwrites one.
    package static func create(_ path: String, random: RandomSource = .system) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw MasterKeyRefused("\(path) is there already and was left as it is")
        }
        let bytes = random.bytes(32)
        let text = "\(heading) \(Hex.encode(bytes)) \(check(bytes))\n"
        let made = FileManager.default.createFile(
            atPath: path,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard made else { throw MasterKeyRefused("\(path) cannot be written") }
    }

    /// Throws one clear line if the file is missing or damaged.
    package static func load(_ path: String) throws -> MasterKey {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MasterKeyRefused(
                "there is no master key at \(path): make one with `kith keys create`, "
                    + "or give the one this data was made with by --key FILE"
            )
        }
        let words = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[0] == heading, let bytes = Hex.decode(String(words[1])),
            bytes.count == 32, words[2] == check(bytes)
        else { throw MasterKeyRefused("\(path) is not a master key, or is damaged") }
        return MasterKey(key: SecretKey(bytes: bytes))
    }

    /// Tells a mistyped copy from a good one.
    private static func check(_ bytes: [UInt8]) -> String {
        Hex.encode(Array(SHA256.hash(Array(heading.utf8) + bytes).prefix(4)))
    }
}

/// The master key cannot be used: one clear line, fit to be printed at start.
package struct MasterKeyRefused: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
