import Basics
import Crypto

/// One key locked with another, for one purpose.
enum Wrapping {
    static func seal(
        _ bytes: [UInt8],
        with key: SecretKey,
        for purpose: String
    ) throws -> [UInt8] {
        let nonce = RandomSource.system.bytes(AESGCM.nonceCount)
        return nonce
            + (try AESGCM.seal(bytes, key: key, nonce: nonce, context: Array(purpose.utf8)))
    }

    static func open(
        _ wrapped: [UInt8],
        with key: SecretKey,
        for purpose: String
    ) throws -> [UInt8] {
        guard wrapped.count > AESGCM.nonceCount else { throw DoesNotOpen() }
        return try AESGCM.open(
            Array(wrapped[AESGCM.nonceCount...]),
            key: key,
            nonce: Array(wrapped.prefix(AESGCM.nonceCount)),
            context: Array(purpose.utf8)
        )
    }
}
