import Glibc
import Synchronization

/// Keeps a second process, or a second `Database`, from serving the same file. The kernel lets go
/// of it when the process ends, however it ends.
package final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>
    /// Of the locked file.
    private let path: String

    /// Throws one clear line if somebody else has it. For those who only look, which keeps it for
    /// as long as that takes, and for a process that is ending, it waits a while, and tells so.
    package init(
        serving path: String,
        waitingSeconds seconds: Int = 0,
        _ tell: (String) -> Void = { _ in }
    ) throws {
        let name = path + ".lock"
        let descriptor = unsafe Glibc.open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw StoreRefusedToOpen(description: "\(name) cannot be opened: \(reason)")
        }
        do {
            try Self.take(descriptor, path, seconds, tell)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = Mutex(descriptor)
        self.path = name
        Self.write("\(getpid())\n", descriptor)
    }

    /// Keeps the store from being served while somebody looks at it. Nil if it is being served.
    /// Makes no file: where there is none, nobody ever served this store here.
    init?(lookingAt path: String) throws {
        self.path = path + ".lock"
        let descriptor = unsafe Glibc.open(path + ".lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw FileTrouble(path + ".lock", errno) }
            self.descriptor = Mutex(nil)
            return
        }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            guard reason == EWOULDBLOCK else { throw FileTrouble(path + ".lock", reason) }
            return nil
        }
        self.descriptor = Mutex(descriptor)
    }

    /// Whether a process has the store open now, or that cannot be known. It keeps another from
    /// opening it for that moment.
    package static func isServed(_ path: String) -> Bool {
        do {
            return try FileLock(lookingAt: path) == nil
        } catch {
            return true
        }
    }

    deinit {
        release()
    }

    /// Whether it is held, and its file is still the one that has its name.
    var isThere: Bool {
        descriptor.withLock { descriptor in
            var found = stat()
            guard let descriptor, unsafe fstat(descriptor, &found) == 0 else { return false }
            return FileIdentity(of: path) == FileIdentity(found)
        }
    }

    /// Tells those who want it that it will soon be let go of, so that they wait for that.
    func announceRelease() {
        descriptor.withLock { descriptor in
            if let descriptor { Self.write("\(getpid())\n\(Self.isEnding)\n", descriptor) }
        }
    }

    package func release() {
        guard let descriptor = descriptor.withLock({ $0.take() }) else { return }
        // A command that is being started has a copy of the descriptor for a moment.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func take(
        _ descriptor: Int32,
        _ path: String,
        _ seconds: Int,
        _ tell: (String) -> Void
    ) throws {
        let end = Monotonic.nanoseconds + UInt64(seconds) * 1_000_000_000
        var isTold = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            // If it can be shared, nobody has it alone.
            let isLookedAt = flock(descriptor, LOCK_SH | LOCK_NB) == 0
            if isLookedAt { flock(descriptor, LOCK_UN) }
            let note = read(descriptor)
            let isPassing = isLookedAt || note.last == isEnding
            guard isPassing, Monotonic.nanoseconds < end else {
                throw StoreRefusedToOpen(
                    description: isLookedAt
                        ? "\(path) is being looked at, as by `kith verify` or `kith backup`: "
                            + "try again when that is over"
                        : "\(path) is already in use, by \(holder(note))"
                )
            }
            if !isTold {
                let whom =
                    isLookedAt
                    ? "whoever looks at \(path) to be done"
                    : "\(holder(note)), which is ending, to let go of \(path)"
                tell("waits up to \(seconds) seconds for \(whom)")
            }
            isTold = true
            usleep(50_000)
        }
    }

    /// Who wrote its number, if that process lives, and we can see it.
    private static func holder(_ note: [Substring]) -> String {
        guard let number = note.first.flatMap({ pid_t($0) }), number > 0,
            kill(number, 0) == 0 || errno == EPERM
        else {
            return "another process"
        }
        return "process \(number)"
    }

    private static let isEnding: Substring = "ending"

    private static func write(_ note: String, _ descriptor: Int32) {
        let bytes = Array(note.utf8)
        ftruncate(descriptor, 0)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
        }
    }

    private static func read(_ descriptor: Int32) -> [Substring] {
        var bytes = [UInt8](repeating: 0, count: 40)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
    }
}
