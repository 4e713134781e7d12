import Foundation
import Glibc
import TestSupport
import Testing

@testable import Store

@Suite struct TemporaryFolderTests {
    private func make(_ path: String, secondsAgo: Int) throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
        try Data("copy".utf8).write(to: URL(fileURLWithPath: path + "/kith.db"))
        let moment = timespec(tv_sec: time(nil) - secondsAgo, tv_nsec: 0)
        try #require(unsafe utimensat(AT_FDCWD, path, [moment, moment], 0) == 0)
    }

    @Test func `what a killed process left goes, and what is in use, new or not ours stays`() throws
    {
        let parent = try TestFolder()
        for name in ["kith-abandn", "kith-in-use", "other-thing", "kith-longer-name"] {
            try make(parent.path + "/" + name, secondsAgo: 3600)
        }
        try make(parent.path + "/kith-young1", secondsAgo: 5)
        try FileManager.default.createSymbolicLink(
            atPath: parent.path + "/kith-linked",
            withDestinationPath: parent.path + "/other-thing"
        )
        let user = unsafe open(parent.path + "/kith-in-use", O_RDONLY)
        try #require(flock(user, LOCK_EX | LOCK_NB) == 0)
        defer { close(user) }

        TemporaryFolder.removeAbandoned(in: parent.path)
        let left = try FileManager.default.contentsOfDirectory(atPath: parent.path)
        #expect(
            left.sorted() == [
                "kith-in-use", "kith-linked", "kith-longer-name", "kith-young1", "other-thing",
            ]
        )
        #expect(FileManager.default.fileExists(atPath: parent.path + "/other-thing/kith.db"))
    }

    @Test func `one that is in use is locked, and goes with its last user`() throws {
        var folder: TemporaryFolder? = try TemporaryFolder()
        let path = try #require(folder?.path)
        let other = unsafe open(path, O_RDONLY)
        #expect(flock(other, LOCK_EX | LOCK_NB) != 0)
        close(other)
        folder = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
