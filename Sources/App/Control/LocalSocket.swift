import CLinux
import Glibc

/// A socket in the data folder, for commands on this machine: a line there, a line back.
///
/// Only the user whose process listens, and root, may open it.
struct LocalSocket: Sendable {
    private static let lineBytes = 16 * 1024
    private static let seconds = 10

    let descriptor: Int32

    /// The name lets a folder's path be of any length, which a socket's address does not.
    private static func withAddress(
        in folder: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        let opened = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return -1 }
        defer { Glibc.close(opened) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            unsafe path.copyBytes(from: Array("/proc/self/fd/\(opened)/control".utf8))
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func make() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }

    /// Whoever calls this serves the folder, so a socket that is there was left by one who died.
    static func listen(in folder: String) throws -> LocalSocket {
        let descriptor = make()
        // The name gets these permissions as it is made, so there is no moment without them.
        fchmod(descriptor, 0o600)
        _ = unsafe Glibc.unlink(folder + "/control")
        let bound = unsafe withAddress(in: folder) { unsafe Glibc.bind(descriptor, $0, $1) }
        guard bound == 0, Glibc.listen(descriptor, 8) == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw Unusable("\(folder)/control cannot be listened to: error \(code)")
        }
        return LocalSocket(descriptor: descriptor)
    }

    /// Nil when nobody listens, or somebody who is not trusted: the name alone proves nothing,
    /// since whoever can write into the folder can make it.
    static func connect(to folder: String, trusting trusted: Trusted) -> LocalSocket? {
        let socket = LocalSocket(descriptor: make()).limited()
        let connected = unsafe withAddress(in: folder) {
            unsafe Glibc.connect(socket.descriptor, $0, $1)
        }
        guard connected == 0, let listener = socket.listener, trusted.users.contains(listener)
        else {
            socket.close()
            return nil
        }
        return socket
    }

    /// The user who began to listen at the other end (unix(7), SO_PEERCRED).
    private var listener: uid_t? {
        // As `ucred` has them: process, user, group.
        var credentials: (pid_t, uid_t, gid_t) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        let isKnown = unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size)
        return isKnown == 0 ? credentials.1 : nil
    }

    /// Waits for the next one who asks; nil when the socket was ended.
    func accept() -> LocalSocket? {
        while true {
            // Not for commands that this process starts: whoever takes over waits for its end.
            let found = accept4(descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
            if found >= 0 { return LocalSocket(descriptor: found).limited() }
            switch errno {
            case EINTR, ECONNABORTED: continue
            // Descriptors come back; nobody who asks here is in such a hurry.
            case EMFILE, ENFILE: sleep(1)
            default: return nil
            }
        }
    }

    /// Lets `accept` return, and the name go.
    func end(in folder: String) {
        _ = unsafe Glibc.unlink(folder + "/control")
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    func close() {
        Glibc.close(descriptor)
    }

    /// Nil when no whole line came in time.
    func receive() -> String? {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while line.count < Self.lineBytes {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            line += buffer[..<count]
            if let end = line.firstIndex(of: 0x0A) {
                return String(decoding: line[..<end], as: UTF8.self)
            }
        }
        return nil
    }

    func send(_ line: String) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor,
                    buffer.baseAddress,
                    buffer.count,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private func limited() -> LocalSocket {
        limit(seconds: Self.seconds)
        return self
    }

    /// No single wait is longer than this.
    func limit(seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }
}
