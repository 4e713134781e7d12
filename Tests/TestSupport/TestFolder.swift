import FoundationEssentials
import Glibc

/// A folder for one test, gone when the test lets go of it.
package final class TestFolder: Sendable {
    package let path: String

    /// In memory, where the machine has a place for that, a flush takes no time.
    package init(inMemory: Bool = false) throws {
        // As the program does: who is written to may be gone.
        signal(SIGPIPE, SIG_IGN)
        let memory = "/dev/shm"
        let isThere = inMemory && FileManager.default.isWritableFile(atPath: memory)
        let place = (isThere ? URL(filePath: memory) : FileManager.default.temporaryDirectory)
            .appending(path: "kith-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        path = place.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
