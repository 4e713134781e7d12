import Foundation
import Glibc
import Synchronization

@testable import HTTPServer

/// A real server on a free port of the loopback.
final class Running: Sendable {
    let server: HTTPServer
    let port: UInt16

    init(
        _ settings: ServerSettings = ServerSettings(),
        _ handler: @escaping @Sendable (HTTPRequest, Responder) -> Void
    ) throws {
        // As the program does: OpenSSL writes to whoever has gone.
        signal(SIGPIPE, SIG_IGN)
        var settings = settings
        settings.port = 0
        let log = Log()
        server = HTTPServer(
            settings: settings,
            log: ServerLog(answered: { log.note($0) }, problem: { _ in }),
            handler: handler
        )
        self.log = log
        port = try server.start()
    }

    private let log: Log

    deinit {
        server.stop(graceSeconds: 2)
    }

    /// What the access log was told so far.
    var logged: [AnsweredRequest] { log.all }

    private final class Log: Sendable {
        private let requests = Mutex<[AnsweredRequest]>([])
        func note(_ more: [AnsweredRequest]) { requests.withLock { $0 += more } }
        var all: [AnsweredRequest] { requests.withLock { $0 } }
    }
}

/// A client that says exactly what it is told to.
final class BareClient {
    private let descriptor: Int32

    /// With `window` it takes so few bytes at a time that a server's own socket holds few too.
    init(_ port: UInt16, seconds: Int = 5, window: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var window {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &window, 4)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// False when the other end did not take all of it in time.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends with a reset instead of a goodbye.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<Glibc.linger>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
    }

    /// The other end closed without having read everything.
    private(set) var wasReset = false

    /// One piece; empty at the end, nil when nothing came in time.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { wasReset = errno == ECONNRESET }
        guard count >= 0 else { return errno == EAGAIN ? nil : [] }
        return Array(buffer.prefix(count))
    }

    /// Until the text has come, the other end closes, or nothing comes any more.
    func read(until text: String? = nil) -> String {
        var all: [UInt8] = []
        while let piece = receive(), !piece.isEmpty {
            all += piece
            if let text, String(decoding: all, as: UTF8.self).contains(text) { break }
        }
        return String(decoding: all, as: UTF8.self)
    }

    func readAll() -> [UInt8] {
        var all: [UInt8] = []
        while let piece = receive(), !piece.isEmpty { all += piece }
        return all
    }
}

extension ServerSettings {
    init(_ change: (inout ServerSettings) -> Void) {
        self.init()
        change(&self)
    }
}

extension RequestParser {
    /// Into memory of its own.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var none: [UInt8] = []
        unsafe append(bytes, lending: &none)
    }
}

func head(_ method: String, _ path: String, _ fields: String = "") -> String {
    "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
}
