import COpenSSL

/// AES-256-GCM: what is sealed can be read, and not changed, only with the key and the same
/// context. A nonce must never be used twice with a key; ours are 12 random bytes.
package enum AESGCM {
    package static let nonceCount = 12
    package static let tagCount = 16

    /// Ciphertext followed by the tag.
    package static func seal(
        _ plain: [UInt8],
        key: SecretKey,
        nonce: [UInt8],
        context: [UInt8]
    ) throws -> [UInt8] {
        let cipher = try Cipher(key, nonce, sealing: true)
        try cipher.add(context: context)
        var out = try cipher.run(plain)
        var tag = [UInt8](repeating: 0, count: tagCount)
        guard
            unsafe EVP_CIPHER_CTX_ctrl(
                cipher.handle,
                EVP_CTRL_AEAD_GET_TAG,
                Int32(tagCount),
                &tag
            ) == 1
        else { throw CryptoFault("EVP_CTRL_AEAD_GET_TAG") }
        out += tag
        return out
    }

    /// Throws `DoesNotOpen` if key, nonce, context or a single bit is another.
    package static func open(
        _ sealed: [UInt8],
        key: SecretKey,
        nonce: [UInt8],
        context: [UInt8]
    ) throws -> [UInt8] {
        guard sealed.count >= tagCount else { throw DoesNotOpen() }
        let cipher = try Cipher(key, nonce, sealing: false)
        try cipher.add(context: context)
        var tag = Array(sealed.suffix(tagCount))
        guard
            unsafe EVP_CIPHER_CTX_ctrl(
                cipher.handle,
                EVP_CTRL_AEAD_SET_TAG,
                Int32(tagCount),
                &tag
            ) == 1
        else { throw CryptoFault("EVP_CTRL_AEAD_SET_TAG") }
        return try cipher.run(Array(sealed.dropLast(tagCount)))
    }
}

/// The ciphertext is not what was sealed under this key for this place.
package struct DoesNotOpen: Error {
    package init() {}
}

@safe
private final class Cipher {
    let handle: OpaquePointer
    private let isSealing: Bool

    nonisolated(unsafe) private static let algorithm = unsafe EVP_CIPHER_fetch(
        nil,
        "AES-256-GCM",
        nil
    )

    init(_ key: SecretKey, _ nonce: [UInt8], sealing: Bool) throws {
        // OpenSSL would take an empty nonce for "the one before".
        guard key.bytes.count == 32, !nonce.isEmpty, let handle = unsafe EVP_CIPHER_CTX_new()
        else { throw CryptoFault("EVP_CIPHER_CTX_new") }
        unsafe self.handle = handle
        isSealing = sealing
        let direction: Int32 = sealing ? 1 : 0
        guard unsafe EVP_CipherInit_ex(handle, Self.algorithm, nil, nil, nil, direction) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(
                handle,
                EVP_CTRL_AEAD_SET_IVLEN,
                Int32(nonce.count),
                nil
            ) == 1,
            unsafe EVP_CipherInit_ex(handle, nil, nil, key.bytes, nonce, direction) == 1
        else { throw CryptoFault("EVP_CipherInit_ex") }
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(handle)
    }

    func add(context: [UInt8]) throws {
        guard !context.isEmpty else { return }
        var length: Int32 = 0
        guard
            unsafe EVP_CipherUpdate(
                handle,
                nil,
                &length,
                context,
                Int32(context.count)
            ) == 1
        else { throw CryptoFault("EVP_CipherUpdate") }
    }

    func run(_ bytes: [UInt8]) throws -> [UInt8] {
        var out = [UInt8](repeating: 0, count: bytes.count + 16)
        var length: Int32 = 0
        var last: Int32 = 0
        if !bytes.isEmpty {
            guard
                unsafe EVP_CipherUpdate(
                    handle,
                    &out,
                    &length,
                    bytes,
                    Int32(bytes.count)
                ) == 1
            else { throw CryptoFault("EVP_CipherUpdate") }
        }
        let done = unsafe out.withUnsafeMutableBufferPointer { out in
            unsafe EVP_CipherFinal_ex(
                handle,
                out.baseAddress.map { unsafe $0 + Int(length) },
                &last
            )
        }
        guard done == 1 else {
            guard isSealing else { throw DoesNotOpen() }
            throw CryptoFault("EVP_CipherFinal_ex")
        }
        out.removeLast(out.count - Int(length + last))
        return out
    }
}
