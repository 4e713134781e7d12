import Basics

/// AES-256-GCM for what is sealed and opened piece by piece: the STREAM construction (Hoang,
/// Reyhanitabar, Rogaway, Vizár 2015), laid out as age does it. Each stream has a key of its own,
/// from the long-lived key and a random salt; a chunk's nonce is its number and whether it is the
/// last. So no chunk can be changed, moved, left out, repeated or taken from another stream, and
/// none can be missing at the end.
package struct SealedStream {
    package static let saltCount = 32
    /// Every chunk but the last has this many bytes.
    package static let chunkCount = 64 << 10
    package static let sealedChunkCount = chunkCount + AESGCM.tagCount

    private let key: SecretKey
    private var number: UInt64 = 0

    /// What is sealed for one purpose opens for no other.
    package init(key: SecretKey, salt: [UInt8], purpose: String) {
        self.key = SecretKey(
            bytes: HKDF.sha256(key: key.bytes, salt: salt, info: Array(purpose.utf8), count: 32)
        )
    }

    package mutating func seal(_ chunk: [UInt8], isLast: Bool) throws -> [UInt8] {
        try AESGCM.seal(chunk, key: key, nonce: next(isLast), context: [])
    }

    /// Throws `DoesNotOpen` unless it is the next chunk of this stream, and its last if `isLast`.
    package mutating func open(_ chunk: [UInt8], isLast: Bool) throws -> [UInt8] {
        try AESGCM.open(chunk, key: key, nonce: next(isLast), context: [])
    }

    private mutating func next(_ isLast: Bool) -> [UInt8] {
        let places = stride(from: 56, through: 0, by: -8)
        let counter = places.map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
        number += 1
        return [0, 0, 0] + counter + [isLast ? 1 : 0]
    }
}

extension SealedStream {
    /// What fits into memory, sealed as a whole: the salt, then the chunks.
    package static func seal(
        _ bytes: [UInt8],
        key: SecretKey,
        purpose: String
    ) throws -> [UInt8] {
        let salt = RandomSource.system.bytes(saltCount)
        var stream = SealedStream(key: key, salt: salt, purpose: purpose)
        var sealed = salt
        sealed.reserveCapacity(saltCount + bytes.count + bytes.count / 4096 + AESGCM.tagCount)
        try chunks(of: bytes[...], chunkCount) { chunk, isLast in
            sealed += try stream.seal(chunk, isLast: isLast)
        }
        return sealed
    }

    package static func open(
        _ sealed: [UInt8],
        key: SecretKey,
        purpose: String
    ) throws -> [UInt8] {
        guard sealed.count >= saltCount + AESGCM.tagCount else { throw DoesNotOpen() }
        let salt = Array(sealed.prefix(saltCount))
        var stream = SealedStream(key: key, salt: salt, purpose: purpose)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sealed.count)
        try chunks(of: sealed.dropFirst(saltCount), sealedChunkCount) { chunk, isLast in
            bytes += try stream.open(chunk, isLast: isLast)
        }
        return bytes
    }

    /// At least one chunk, though it may be empty.
    private static func chunks(
        of bytes: ArraySlice<UInt8>,
        _ count: Int,
        _ body: ([UInt8], _ isLast: Bool) throws -> Void
    ) throws {
        var rest = bytes
        repeat {
            let chunk = rest.prefix(count)
            rest = rest.dropFirst(count)
            try body(Array(chunk), rest.isEmpty)
        } while !rest.isEmpty
    }
}
