import FoundationEssentials
import Glibc

/// All the bytes of a file.
func fileBytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
}

/// The files below a folder that have one of these endings, as paths inside it.
func filePaths(below folder: String, endings: [String]) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
        endings.contains { path.hasSuffix($0) } && !isHidden(path)
    }
    .sorted()
}

/// What begins with a dot is an editor's, or the system's: Emacs locks `moving.html` with a link
/// `.#moving.html` that leads nowhere.
func isHidden(_ path: String) -> Bool {
    path.split(separator: "/").contains { $0.hasPrefix(".") }
}

/// What changes when a file does: its time and size; nothing when it is not there.
func fileStamp(_ path: String) -> [Int] {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return [] }
    return [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, Int(status.st_size), Int(status.st_ino)]
}
