import Glibc
import Synchronization

/// Keeps a second process, or a second `Database`, from serving the same file. The kernel lets go
/// of it when the process ends, however it ends.
package final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Throws one clear line if somebody else has it.
    package init(serving path: String) throws {
        let name = path + ".lock"
        let descriptor = unsafe Glibc.open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw StoreRefusedToOpen(description: "\(name) cannot be opened: \(reason)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = FileLock.read(descriptor)
            close(descriptor)
            throw StoreRefusedToOpen(
                description: "\(path) is already in use, by process \(holder)"
            )
        }
        self.descriptor = Mutex(descriptor)
        let process = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = unsafe process.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
        }
    }

    /// Keeps the store from being served while somebody looks at it. Nil if it is being served.
    /// Makes no file: where there is none, nobody ever served this store here.
    init?(lookingAt path: String) throws {
        let descriptor = unsafe Glibc.open(path + ".lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            self.descriptor = Mutex(nil)
            return
        }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = Mutex(descriptor)
    }

    /// Whether a process has the store open now. It keeps another from opening it for that moment.
    package static func isServed(_ path: String) -> Bool {
        do {
            return try FileLock(lookingAt: path) == nil
        } catch {
            return false
        }
    }

    deinit {
        release()
    }

    package func release() {
        guard let descriptor = descriptor.withLock({ $0.take() }) else { return }
        // A command that is being started has a copy of the descriptor for a moment.
        flock(descriptor, LOCK_UN)
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
