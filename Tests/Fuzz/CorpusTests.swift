import Foundation
import Testing

/// Every input that once found something, or that reaches a path of its own, is kept and holds.
@Suite struct CorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Corpus")

    @Test(arguments: FuzzTarget.all.map(\.name))
    func `every kept input holds`(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let inputs = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: name),
            includingPropertiesForKeys: nil
        )
        #expect(!inputs.isEmpty)
        for input in inputs {
            let bytes = [UInt8](try Data(contentsOf: input))
            #expect(throws: Never.self, "\(input.lastPathComponent)") { try target.check(bytes) }
        }
    }

    @Test func `every folder of the corpus has its target`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { !$0.hasSuffix(".words") }
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
    }

    /// A fuzz target that can never fail finds nothing.
    @Test func `a property that does not hold is told`() {
        #expect(throws: Broken.self) { try hold(false, "it does not") }
        #expect(throws: Broken.self) { try same(1, 2, "they differ") }
    }
}
