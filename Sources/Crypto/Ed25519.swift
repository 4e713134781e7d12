import COpenSSL

/// Ed25519 signatures (RFC 8032).
package enum Ed25519 {
    /// The public key of a 32-byte private one.
    package static func publicKey(of secret: SecretKey) throws -> [UInt8] {
        let key = try PublicKey(secret: secret)
        var out = [UInt8](repeating: 0, count: 32)
        var count = 32
        guard unsafe EVP_PKEY_get_raw_public_key(key.handle, &out, &count) == 1, count == 32 else {
            throw CryptoFault("EVP_PKEY_get_raw_public_key")
        }
        return out
    }

    package static func sign(_ message: [UInt8], with secret: SecretKey) throws -> [UInt8] {
        let key = try PublicKey(secret: secret)
        guard let context = unsafe EVP_MD_CTX_new() else { throw CryptoFault("EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var out = [UInt8](repeating: 0, count: 64)
        var count = 64
        guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key.handle) == 1,
            unsafe EVP_DigestSign(context, &out, &count, message, message.count) == 1
        else { throw CryptoFault("EVP_DigestSign") }
        return out
    }

    package static func verifies(
        _ signature: [UInt8],
        of message: [UInt8],
        by publicKey: [UInt8]
    ) -> Bool {
        guard signature.count == 64, publicKey.count == 32,
            let handle = unsafe EVP_PKEY_new_raw_public_key(
                EVP_PKEY_ED25519,
                nil,
                publicKey,
                publicKey.count
            )
        else { return false }
        return unsafe PublicKey(handle).verifies(signature, of: message, digest: nil)
    }
}

/// ECDSA over P-256 with SHA-256, as security keys and tokens sign. Only verified here.
package enum ECDSAP256 {
    /// What stands before a point in a DER public key of this curve (RFC 5480).
    private static let prefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08,
        0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]

    /// `point` is 04‖x‖y, `signature` DER.
    package static func verifies(
        _ signature: [UInt8],
        of message: [UInt8],
        by point: [UInt8]
    ) -> Bool {
        guard point.count == 65, point[0] == 4 else { return false }
        let der = prefix + point
        let handle = unsafe der.withUnsafeBufferPointer { der in
            var start = der.baseAddress
            return unsafe d2i_PUBKEY(nil, &start, der.count)
        }
        guard let handle = unsafe handle else { return false }
        return unsafe PublicKey(handle).verifies(signature, of: message, digest: EVP_sha256())
    }
}

@safe
private final class PublicKey {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    init(secret: SecretKey) throws {
        guard secret.bytes.count == 32,
            let handle = unsafe EVP_PKEY_new_raw_private_key(
                EVP_PKEY_ED25519,
                nil,
                secret.bytes,
                secret.bytes.count
            )
        else { throw CryptoFault("EVP_PKEY_new_raw_private_key") }
        unsafe self.handle = handle
    }

    deinit {
        unsafe EVP_PKEY_free(handle)
    }

    @unsafe
    func verifies(_ signature: [UInt8], of message: [UInt8], digest: OpaquePointer?) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        let isReady = unsafe EVP_DigestVerifyInit(context, nil, digest, nil, handle) == 1
        let isRight =
            unsafe isReady
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        ERR_clear_error()
        return isRight
    }
}
