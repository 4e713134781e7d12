import Basics
import Crypto
import FoundationEssentials
import Store

/// A copy of a store in one file: a heading, a salt, then the store's bytes as a sealed stream. It
/// holds one moment.
enum BackupFile {
    private static let heading = Array("kith-backup-1\n".utf8)
    private static let purpose = "kith backup 1"

    /// Seals a store nobody writes to. Tells how many bytes it has.
    static func seal(_ store: String, to path: String, _ key: SecretKey) throws -> Int {
        let source = try FileReader(store)
        let salt = RandomSource.system.bytes(SealedStream.saltCount)
        var stream = SealedStream(key: key, salt: salt, purpose: purpose)
        var count = 0
        try WholeFile.make(path) { file in
            try file.append(heading + salt)
            try source.each(SealedStream.chunkCount) { chunk, isLast in
                count += chunk.count
                try file.append(try stream.seal(chunk, isLast: isLast))
            }
        }
        return count
    }

    /// Makes the store again; `finish` is called with the file before it has its name. Of what is
    /// damaged, nothing is left behind.
    static func open(
        _ path: String,
        to store: String,
        _ key: SecretKey,
        finish: (_ unfinished: String) throws -> Void = { _ in }
    ) throws {
        let source = try FileReader(path)
        guard try source.next(heading.count) == heading else {
            throw BackupRefused("\(path) is not a backup, or its beginning is damaged")
        }
        let salt = try source.next(SealedStream.saltCount)
        var stream = SealedStream(key: key, salt: salt, purpose: purpose)
        do {
            try WholeFile.make(store, if: finish) { file in
                try source.each(SealedStream.sealedChunkCount) { chunk, isLast in
                    try file.append(try stream.open(chunk, isLast: isLast))
                }
            }
        } catch is DoesNotOpen {
            throw BackupRefused(
                "\(path) cannot be restored: it was changed or cut short, "
                    + "or the backup key is not the one it was made with"
            )
        }
    }
}

/// Nothing was restored, or no copy was made: one clear line.
struct BackupRefused: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
