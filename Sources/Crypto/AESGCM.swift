import COpenSSL
import Synchronization

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
        try Cipher.lent { cipher in
            try cipher.begin(key, nonce[...], sealing: true)
            try cipher.add(context: context)
            return try cipher.run(plain[...]) + cipher.tag()
        }
    }

    /// Throws `DoesNotOpen` if key, nonce, context or a single bit is another.
    package static func open(
        _ sealed: [UInt8],
        key: SecretKey,
        nonce: [UInt8],
        context: [UInt8]
    ) throws -> [UInt8] {
        try open(sealed[...], key: key, nonce: nonce[...], context: context)
    }

    /// The same of parts of what was read together.
    package static func open(
        _ sealed: ArraySlice<UInt8>,
        key: SecretKey,
        nonce: ArraySlice<UInt8>,
        context: [UInt8]
    ) throws -> [UInt8] {
        guard sealed.count >= tagCount else { throw DoesNotOpen() }
        return try Cipher.lent { cipher in
            try cipher.begin(key, nonce, sealing: false)
            try cipher.add(context: context)
            try cipher.set(tag: sealed.suffix(tagCount))
            return try cipher.run(sealed.dropLast(tagCount))
        }
    }
}

/// The ciphertext is not what was sealed under this key for this place.
package struct DoesNotOpen: Error {
    package init() {}
}

/// OpenSSL's context, lent to one at a time: making one costs more than opening a name.
///
/// `@unchecked Sendable`: only who has taken it from the spare ones uses it.
@safe
private final class Cipher: @unchecked Sendable {
    private let handle: OpaquePointer
    private var isSealing = false
    private var nonceCount = AESGCM.nonceCount

    private static let spare = Mutex<[Cipher]>([])
    private static let mostSpare = 8

    static func lent<Result>(_ body: (Cipher) throws -> Result) throws -> Result {
        let cipher = try spare.withLock { $0.popLast() } ?? Cipher()
        defer {
            spare.withLock { spare in
                if spare.count < mostSpare { spare.append(cipher) }
            }
        }
        return try body(cipher)
    }

    private init() throws {
        guard let handle = unsafe EVP_CIPHER_CTX_new() else {
            throw CryptoFault("EVP_CIPHER_CTX_new")
        }
        unsafe self.handle = handle
        let algorithm = unsafe EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
        defer { unsafe EVP_CIPHER_free(algorithm) }
        guard unsafe EVP_CipherInit_ex(handle, algorithm, nil, nil, nil, 1) == 1 else {
            throw CryptoFault("EVP_CipherInit_ex")
        }
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(handle)
    }

    func begin(_ key: SecretKey, _ nonce: ArraySlice<UInt8>, sealing: Bool) throws {
        // OpenSSL would take an empty nonce for "the one before".
        guard key.bytes.count == 32, !nonce.isEmpty else { throw CryptoFault("EVP_CipherInit_ex") }
        isSealing = sealing
        if nonce.count != nonceCount {
            let count = Int32(nonce.count)
            guard unsafe EVP_CIPHER_CTX_ctrl(handle, EVP_CTRL_AEAD_SET_IVLEN, count, nil) == 1
            else { throw CryptoFault("EVP_CTRL_AEAD_SET_IVLEN") }
            nonceCount = nonce.count
        }
        let done = unsafe nonce.withUnsafeBufferPointer { nonce in
            unsafe EVP_CipherInit_ex(
                handle,
                nil,
                nil,
                key.bytes,
                nonce.baseAddress,
                sealing ? 1 : 0
            )
        }
        guard done == 1 else { throw CryptoFault("EVP_CipherInit_ex") }
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

    /// Of what was sealed.
    func tag() throws -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: AESGCM.tagCount)
        let count = Int32(tag.count)
        guard unsafe EVP_CIPHER_CTX_ctrl(handle, EVP_CTRL_AEAD_GET_TAG, count, &tag) == 1 else {
            throw CryptoFault("EVP_CTRL_AEAD_GET_TAG")
        }
        return tag
    }

    /// Which what is opened must have.
    func set(tag: ArraySlice<UInt8>) throws {
        var tag = Array(tag)
        let count = Int32(tag.count)
        guard unsafe EVP_CIPHER_CTX_ctrl(handle, EVP_CTRL_AEAD_SET_TAG, count, &tag) == 1 else {
            throw CryptoFault("EVP_CTRL_AEAD_SET_TAG")
        }
    }

    func run(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
        var out = [UInt8](repeating: 0, count: bytes.count + 16)
        var length: Int32 = 0
        var last: Int32 = 0
        if !bytes.isEmpty {
            let done = unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe EVP_CipherUpdate(
                    handle,
                    &out,
                    &length,
                    bytes.baseAddress,
                    Int32(bytes.count)
                )
            }
            guard done == 1 else { throw CryptoFault("EVP_CipherUpdate") }
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
