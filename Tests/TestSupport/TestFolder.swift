import FoundationEssentials

/// A folder for one test, gone when the test lets go of it.
package final class TestFolder: Sendable {
    package let path: String

    package init() throws {
        let place = FileManager.default.temporaryDirectory
            .appending(path: "kith-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        path = place.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
