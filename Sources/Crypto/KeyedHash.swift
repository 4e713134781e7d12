import COpenSSL
import Synchronization

/// HMAC-SHA-256 with one key that is asked for again and again, as for the token in each form:
/// the key is worked in once, and not at each call.
package final class KeyedHash: Sendable {
    private static let count = 32

    /// Used by one at a time, for about a microsecond.
    private let context: Mutex<Context>

    package init(key: [UInt8]) {
        context = Mutex(Context(key.isEmpty ? [0] : key))
    }

    package func hash(_ bytes: [UInt8]) -> [UInt8] {
        context.withLock { $0.hash(bytes) }
    }

    @safe
    private struct Context: ~Copyable {
        private let handle: OpaquePointer

        init(_ key: [UInt8]) {
            let algorithm = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
            defer { unsafe EVP_MAC_free(algorithm) }
            guard let handle = unsafe EVP_MAC_CTX_new(algorithm) else {
                preconditionFailure("OpenSSL has no HMAC")
            }
            unsafe self.handle = handle
            // Read only when the key is worked in, so both words must still be there then.
            let name = Array(OSSL_MAC_PARAM_DIGEST.utf8CString)
            var digest = Array("SHA256".utf8CString)
            let done = unsafe name.withUnsafeBufferPointer { name in
                unsafe digest.withUnsafeMutableBufferPointer { digest in
                    var parameters = unsafe [
                        OSSL_PARAM_construct_utf8_string(name.baseAddress, digest.baseAddress, 0),
                        OSSL_PARAM_construct_end(),
                    ]
                    return unsafe EVP_MAC_init(handle, key, key.count, &parameters)
                }
            }
            precondition(done == 1, "OpenSSL has no HMAC")
        }

        deinit {
            unsafe EVP_MAC_CTX_free(handle)
        }

        mutating func hash(_ bytes: [UInt8]) -> [UInt8] {
            var out = [UInt8](repeating: 0, count: KeyedHash.count)
            var length = 0
            // Without a key: begin again with the one it has.
            let done =
                unsafe EVP_MAC_init(handle, nil, 0, nil) == 1
                && EVP_MAC_update(handle, bytes, bytes.count) == 1
                && EVP_MAC_final(handle, &out, &length, out.count) == 1
            precondition(done && length == out.count, "OpenSSL has no HMAC")
            return out
        }
    }
}
