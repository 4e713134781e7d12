import Basics
import Crypto
import FoundationEssentials
import Store

/// A key in a file of its own, readable by its owner alone: what kind of key, the key, and a few
/// letters by which a mistyped copy is told from a good one.
struct KeyFile {
    /// As a person would say it.
    let name: String
    let heading: String
    /// What to do when there is none.
    let advice: String

    /// Never overwrites a key.
    func create(_ path: String, random: RandomSource) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw KeyRefused("\(path) is there already and was left as it is")
        }
        let bytes = random.bytes(32)
        let text = "\(heading) \(Hex.encode(bytes)) \(check(bytes))\n"
        do {
            try NewFile.make(path, Array(text.utf8))
        } catch {
            throw KeyRefused("the \(name) cannot be written: \(error)")
        }
    }

    func load(_ path: String) throws -> SecretKey {
        let bytes: [UInt8]
        do {
            bytes = try FileReader(path).next(1 << 16)
        } catch let trouble as FileTrouble where trouble.isMissing {
            throw KeyRefused("there is no \(name) at \(path): \(advice)")
        } catch {
            throw KeyRefused("the \(name) cannot be read: \(error)")
        }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[0] == heading, let key = Hex.decode(String(words[1])),
            key.count == 32, words[2] == check(key)
        else { throw KeyRefused("\(path) is not a \(name), or is damaged") }
        return SecretKey(bytes: key)
    }

    private func check(_ bytes: [UInt8]) -> String {
        Hex.encode(Array(SHA256.hash(Array(heading.utf8) + bytes).prefix(4)))
    }
}

/// A key cannot be used: one clear line, fit to be printed at start.
package struct KeyRefused: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
