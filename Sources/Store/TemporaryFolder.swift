import FoundationEssentials
import Glibc

/// A folder that goes when its last user does, or when the next process needs one: what a killed
/// process left may be copies of a store.
package final class TemporaryFolder: Sendable {
    package let path: String
    /// Locked for as long as it is used, so that nobody takes it for abandoned; the kernel lets go
    /// of it when the process ends, however it ends.
    private let descriptor: Int32

    package init() throws {
        let parent = FileManager.default.temporaryDirectory.path
        _ = Self.abandonedAreGone
        // `mkdtemp` puts letters of its own in place of each X.
        var template = Array((parent + "/kith-XXXXXX").utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw StoreRefusedToOpen(description: "no temporary folder can be made in \(parent)")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        Leftovers.add(path)
        descriptor = Self.lock(path) ?? -1
    }

    deinit {
        Leftovers.remove(path)
        close(descriptor)
    }

    /// Once for a process.
    private static let abandonedAreGone: Void = removeAbandoned(
        in: FileManager.default.temporaryDirectory.path
    )

    /// One that is younger may belong to a process that has not locked it yet.
    private static let leastAgeSeconds = 60

    static func removeAbandoned(in parent: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix("kith-") && name.utf8.count == 11 {
            let path = parent + "/" + name
            guard let descriptor = lock(path) else { continue }
            defer { close(descriptor) }
            var found = stat()
            guard unsafe fstat(descriptor, &found) == 0, found.st_uid == geteuid(),
                time(nil) - found.st_mtim.tv_sec > leastAgeSeconds
            else { continue }
            removeFile(path)
        }
    }

    /// Nil if it is no folder, or in use.
    private static func lock(_ path: String) -> Int32? {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe open(path, flags)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
