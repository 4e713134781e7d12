import COpenSSL

/// One connection's TLS over a socket that never waits. Only the connection's own loop uses it.
///
/// The handshake happens inside the first reads. OpenSSL writes to the socket by `write`, so the
/// process must ignore SIGPIPE.
@safe
package final class TLSSession {
    package enum Outcome {
        case bytes(Int)
        /// Nothing now; again when the socket can be read, or written.
        case wantsRead
        case wantsWrite
        case closed
    }

    private let handle: OpaquePointer
    private let context: TLSContext

    package init?(_ context: TLSContext, descriptor: Int32) {
        guard let handle = unsafe SSL_new(context.handle) else { return nil }
        guard unsafe SSL_set_fd(handle, descriptor) == 1 else {
            unsafe SSL_free(handle)
            return nil
        }
        unsafe SSL_set_accept_state(handle)
        unsafe self.handle = handle
        self.context = context
    }

    deinit {
        unsafe SSL_free(handle)
    }

    /// One record a call, whole: `buffer` holds at least the 16 KiB that a record may have, so
    /// that nothing decrypted is left over, and what is still in the socket rings again.
    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        ERR_clear_error()
        var count = 0
        let code = unsafe SSL_read_ex(handle, buffer.baseAddress, buffer.count, &count)
        return code == 1 ? .bytes(count) : outcome(code)
    }

    package func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        ERR_clear_error()
        var count = 0
        let code = unsafe SSL_write_ex(handle, bytes.baseAddress, bytes.count, &count)
        return code == 1 ? .bytes(count) : outcome(code)
    }

    /// Says goodbye, so that the client knows that nothing was cut off.
    package func finish() {
        ERR_clear_error()
        if unsafe SSL_in_init(handle) == 0 { _ = unsafe SSL_shutdown(handle) }
    }

    /// Until both have agreed, which takes several times the memory of what comes after.
    package var isInHandshake: Bool { unsafe SSL_in_init(handle) != 0 }

    /// "TLSv1.3", and whether a ticket made the handshake short.
    package var version: String { unsafe String(cString: SSL_get_version(handle)) }
    package var isResumed: Bool { unsafe SSL_session_reused(handle) == 1 }

    private func outcome(_ code: Int32) -> Outcome {
        switch unsafe SSL_get_error(handle, code) {
        case SSL_ERROR_WANT_READ: .wantsRead
        case SSL_ERROR_WANT_WRITE: .wantsWrite
        default: .closed
        }
    }
}
