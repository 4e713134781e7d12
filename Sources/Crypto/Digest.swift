import COpenSSL

/// SHA-256.
package enum SHA256 {
    package static let count = 32

    // Fetched once: each look-up of an algorithm costs more than a small digest.
    nonisolated(unsafe) private static let digest = unsafe EVP_MD_fetch(nil, "SHA256", nil)

    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: count)
        var length: UInt32 = 0
        let done = unsafe EVP_Digest(bytes, bytes.count, &out, &length, digest, nil)
        precondition(done == 1, "OpenSSL has no SHA-256")
        return out
    }
}

/// HMAC (RFC 2104).
package enum HMAC {
    package static func sha256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        unsafe code(EVP_sha256(), 32, key, bytes)
    }

    /// For one-time passcodes (RFC 6238), which are defined over it.
    package static func sha1(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        unsafe code(EVP_sha1(), 20, key, bytes)
    }

    @unsafe
    private static func code(
        _ digest: OpaquePointer?,
        _ count: Int,
        _ key: [UInt8],
        _ bytes: [UInt8]
    ) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: count)
        var length: UInt32 = 0
        // A nil key would mean "the key of the call before".
        let key = key.isEmpty ? [0] : key
        let made = unsafe COpenSSL.HMAC(
            digest,
            key,
            Int32(key.count),
            bytes,
            bytes.count,
            &out,
            &length
        )
        precondition(unsafe made != nil, "OpenSSL has no HMAC")
        return out
    }
}

/// HKDF with SHA-256 (RFC 5869).
package enum HKDF {
    package static func sha256(
        key: [UInt8],
        salt: [UInt8],
        info: [UInt8],
        count: Int
    ) -> [UInt8] {
        precondition((0...255 * 32).contains(count), "HKDF gives at most 8160 bytes")
        let salt = salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt
        let extracted = HMAC.sha256(key: salt, key)
        var out: [UInt8] = []
        var block: [UInt8] = []
        var number: UInt8 = 1
        while out.count < count {
            block = HMAC.sha256(key: extracted, block + info + [number])
            out += block
            number &+= 1
        }
        return Array(out.prefix(count))
    }
}

/// PBKDF2 with HMAC-SHA-256 (RFC 8018).
package enum PBKDF2 {
    package static func sha256(
        password: [UInt8],
        salt: [UInt8],
        iterations: Int,
        count: Int
    ) throws -> [UInt8] {
        var out = [UInt8](repeating: 0, count: count)
        let done = unsafe password.withUnsafeBytes { password in
            unsafe PKCS5_PBKDF2_HMAC(
                password.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(password.count),
                salt,
                Int32(salt.count),
                Int32(iterations),
                EVP_sha256(),
                Int32(count),
                &out
            )
        }
        guard done == 1 else { throw CryptoFault("PKCS5_PBKDF2_HMAC") }
        return out
    }
}

/// Compares without telling by its time where the first difference is.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe CRYPTO_memcmp(left, right, left.count) == 0
}
