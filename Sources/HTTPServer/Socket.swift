import CLinux
import Glibc

/// The system calls of the server, each in one place.
enum Socket {
    enum Outcome {
        case bytes(Int)
        case wouldBlock
        /// A read that has to write first, as TLS sometimes does.
        case wouldBlockWriting
        case closed
    }

    /// Nil for what is no address to listen on. `freeaddrinfo` is for whoever asks.
    private static func find(_ address: String, _ port: String) -> UnsafeMutablePointer<addrinfo>? {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        return unsafe getaddrinfo(address, port, &hints, &list) == 0 ? list : nil
    }

    static func plainAddress(_ address: String) -> String? {
        guard let list = unsafe find(address, "0") else { return nil }
        defer { unsafe freeaddrinfo(list) }
        return unsafe text(list.pointee.ai_addr, list.pointee.ai_addrlen)
    }

    static func listen(_ settings: ServerSettings) throws -> Int32 {
        guard let list = unsafe find(settings.address, String(settings.port)) else {
            throw ServerRefused("\(settings.address) is not an address to listen on")
        }
        defer { unsafe freeaddrinfo(list) }
        let found = unsafe list.pointee
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = unsafe socket(found.ai_family, flags, 0)
        guard descriptor >= 0 else { throw ServerRefused("no socket: error \(errno)") }
        var yes: Int32 = 1
        unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_REUSEADDR,
            &yes,
            socklen_t(MemoryLayout<Int32>.size)
        )
        guard unsafe bind(descriptor, found.ai_addr, found.ai_addrlen) == 0,
            Glibc.listen(descriptor, settings.backlog) == 0
        else {
            let code = errno
            Glibc.close(descriptor)
            let why = code == EADDRINUSE ? "another program has it" : "error \(code)"
            throw ServerRefused("port \(settings.port) cannot be used: \(why)")
        }
        return descriptor
    }

    static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let port = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                _ = unsafe getsockname(descriptor, general, &length)
            }
            return unsafe UnsafeRawPointer(pointer).load(fromByteOffset: 2, as: UInt16.self)
        }
        return UInt16(bigEndian: port)
    }

    static func address(of descriptor: Int32) -> String {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                _ = unsafe getsockname(descriptor, general, &length)
                return unsafe text(general, length)
            }
        }
    }

    /// A descriptor to be given up when there are no more; -1 when there are none now.
    static func spare() -> Int32 { unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) }

    enum Accepted {
        case connection(Int32, address: String)
        case nothing
        case noDescriptors
    }

    static func accept(_ listener: Int32) -> Accepted {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe accept4(listener, $0, &length, flags)
            }
        }
        guard descriptor >= 0 else {
            return errno == EMFILE || errno == ENFILE ? .noDescriptors : .nothing
        }
        var yes: Int32 = 1
        unsafe setsockopt(
            descriptor,
            Int32(IPPROTO_TCP),
            TCP_NODELAY,
            &yes,
            socklen_t(MemoryLayout<Int32>.size)
        )
        return .connection(descriptor, address: text(address, length))
    }

    private static func text(_ address: sockaddr_storage, _ length: socklen_t) -> String {
        var address = address
        return unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe text($0, length)
            }
        }
    }

    private static func text(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> String {
        var name = [CChar](repeating: 0, count: 64)
        let code = unsafe getnameinfo(address, length, &name, 64, nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return "unknown" }
        return String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }

    static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
        return outcome(count)
    }

    static func write(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Outcome {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        }
        return outcome(count)
    }

    /// Two pieces as one.
    static func write(
        _ descriptor: Int32,
        _ first: ArraySlice<UInt8>,
        _ second: ArraySlice<UInt8>
    ) -> Outcome {
        let count = unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                let pieces = unsafe [
                    iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress),
                        iov_len: first.count
                    ),
                    iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress),
                        iov_len: second.count
                    ),
                ]
                return unsafe pieces.withUnsafeBufferPointer { pieces in
                    var message = unsafe msghdr()
                    unsafe message.msg_iov = UnsafeMutablePointer(mutating: pieces.baseAddress)
                    unsafe message.msg_iovlen = pieces.count
                    return unsafe sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
                }
            }
        }
        return outcome(count)
    }

    private static func outcome(_ count: Int) -> Outcome {
        if count > 0 { return .bytes(count) }
        if count < 0, errno == EAGAIN || errno == EINTR { return .wouldBlock }
        return .closed
    }
}

/// The server cannot start: one clear line.
package struct ServerRefused: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

enum Clock {
    /// Of a clock that is never set.
    static func microseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
