import Glibc

/// Keeps a second process, or a second `Database`, from serving the same file. The kernel lets go
/// of it when the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Throws one clear line if somebody else has it.
    init(for path: String) throws {
        let name = path + ".lock"
        descriptor = unsafe Glibc.open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw StoreRefusedToOpen(description: "\(name) cannot be opened: \(reason)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = FileLock.read(descriptor)
            close(descriptor)
            throw StoreRefusedToOpen(
                description: "\(path) is already being served, by process \(holder)"
            )
        }
        let process = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = unsafe process.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
        }
    }

    deinit {
        close(descriptor)
    }

    private static func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(separator: "\n").first.map(String.init) ?? "unknown"
    }
}
