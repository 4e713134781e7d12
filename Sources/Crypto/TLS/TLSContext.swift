import COpenSSL
import FoundationEssentials

/// A certificate with those that vouch for it, and its key: two PEM files.
package struct TLSIdentity: Hashable, Sendable {
    package let certificatePath: String
    package let keyPath: String

    package init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }
}

/// What every connection of a server agrees on: its certificates, TLS 1.2 and 1.3 with forward
/// secrecy only, HTTP/1.1, and tickets by which a known client comes back without a full
/// handshake. Tickets are sealed under a key of this context, so a new context ends them.
@safe
package final class TLSContext: Sendable {
    // Unsafe to the compiler, which knows nothing of OpenSSL: it is filled in `init` and only read
    // after, and what connections share in it, OpenSSL locks itself.
    nonisolated(unsafe) let handle: OpaquePointer

    /// One certificate of each kind at most: clients that know elliptic curves get the EC one.
    package init(_ identities: [TLSIdentity]) throws {
        guard !identities.isEmpty else { throw TLSRefused("TLS needs a certificate and its key") }
        guard let handle = unsafe SSL_CTX_new(TLS_server_method()) else {
            throw CryptoFault("SSL_CTX_new")
        }
        unsafe self.handle = handle
        try set()
        var kinds: [Int32: String] = [:]
        for identity in identities {
            let kind = try take(identity)
            if let other = kinds.updateValue(identity.certificatePath, forKey: kind) {
                // It would take the other's place without a word.
                throw TLSRefused(
                    "\(other) and \(identity.certificatePath) are of one kind: "
                        + "there may be one of each, one EC and one RSA"
                )
            }
        }
    }

    deinit {
        unsafe SSL_CTX_free(handle)
    }

    private func set() throws {
        let tls12 = 0x0303
        let name = Array("kith".utf8)
        guard
            unsafe SSL_CTX_ctrl(handle, SSL_CTRL_SET_MIN_PROTO_VERSION, tls12, nil) == 1,
            unsafe SSL_CTX_set_cipher_list(handle, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1,
            unsafe SSL_CTX_set_session_id_context(handle, name, UInt32(name.count)) == 1,
            unsafe SSL_CTX_set_num_tickets(handle, 1) == 1
        else { throw CryptoFault("SSL_CTX_ctrl") }
        unsafe SSL_CTX_set_options(handle, Self.options)
        // A partial write may go on from another address; an idle connection keeps no buffers.
        let modes = 0x1 | 0x2 | 0x10
        _ = unsafe SSL_CTX_ctrl(handle, SSL_CTRL_MODE, modes, nil)
        _ = unsafe SSL_CTX_ctrl(handle, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
        unsafe SSL_CTX_set_alpn_select_cb(handle, chooseProtocol, nil)
        // OpenSSL would ask for one at the terminal, and wait.
        unsafe SSL_CTX_set_default_passwd_cb(handle) { _, _, _, _ in -1 }
    }

    /// No compression, no renegotiation, our order of ciphers unless the client is a phone that
    /// asks for ChaCha first, and an end without a goodbye is an end (the bits of `SSL_OP_…`,
    /// which are macros that Swift does not see).
    private static let options: UInt64 = 1 << 17 | 1 << 30 | 1 << 22 | 1 << 21 | 1 << 7

    /// Gives back the kind of its key, as OpenSSL numbers them.
    private func take(_ identity: TLSIdentity) throws -> Int32 {
        ERR_clear_error()
        guard FileManager.default.isReadableFile(atPath: identity.certificatePath) else {
            throw TLSRefused("\(identity.certificatePath) cannot be read")
        }
        guard
            unsafe SSL_CTX_use_certificate_chain_file(handle, identity.certificatePath) == 1
        else {
            throw TLSRefused("\(identity.certificatePath) is not a certificate in PEM form")
        }
        guard FileManager.default.isReadableFile(atPath: identity.keyPath) else {
            throw TLSRefused("\(identity.keyPath) cannot be read")
        }
        // Taken before the key is: a key of another kind would be put beside it without a word.
        let certificate = unsafe SSL_CTX_get0_certificate(handle)
        guard
            unsafe SSL_CTX_use_PrivateKey_file(handle, identity.keyPath, SSL_FILETYPE_PEM) == 1,
            unsafe X509_check_private_key(certificate, SSL_CTX_get0_privatekey(handle)) == 1
        else {
            throw TLSRefused(
                Self.isPasswordMissing
                    ? "\(identity.keyPath) has a password: it must be kept without one"
                    : "\(identity.keyPath) is not the key of \(identity.certificatePath)"
            )
        }
        return unsafe EVP_PKEY_get_base_id(SSL_CTX_get0_privatekey(handle))
    }

    /// Whether one of the errors noted is that.
    private static var isPasswordMissing: Bool {
        var code = ERR_get_error()
        while code != 0 {
            if ERR_GET_LIB(code) == ERR_LIB_PEM, ERR_GET_REASON(code) == PEM_R_BAD_PASSWORD_READ {
                return true
            }
            code = ERR_get_error()
        }
        return false
    }
}

/// TLS cannot begin: one clear line.
package struct TLSRefused: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// HTTP/1.1 where the client names it; a client that speaks only something else is told so at
/// once, instead of after the handshake (RFC 7301).
private let chooseProtocol: SSL_CTX_alpn_select_cb_func = { _, out, outCount, offered, count, _ in
    let wanted: StaticString = "http/1.1"
    guard let offered = unsafe offered else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    var place = 0
    while place < Int(count) {
        let length = unsafe Int(offered[place])
        let start = place + 1
        guard start + length <= Int(count) else { break }
        let isWanted =
            length == wanted.utf8CodeUnitCount
            && (0..<length).allSatisfy {
                unsafe offered[start + $0] == wanted.utf8Start[$0]
            }
        if isWanted {
            unsafe out?.pointee = offered + start
            unsafe outCount?.pointee = UInt8(length)
            return SSL_TLSEXT_ERR_OK
        }
        place = start + length
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}
