import FoundationEssentials
import Glibc

/// A file could not be read or written: one clear line.
package struct FileTrouble: Error, CustomStringConvertible {
    package let description: String
    /// There is no such file.
    package let isMissing: Bool

    init(_ path: String, _ number: Int32) {
        isMissing = number == ENOENT
        let reason = unsafe String(cString: strerror(number))
        description = "\(path): \(reason)"
    }

    init(_ path: String, _ words: String) {
        isMissing = false
        description = "\(path): \(words)"
    }
}

/// A new file, readable by its owner alone, written from its beginning to its end.
package final class FileWriter: Sendable {
    private let path: String
    private let descriptor: Int32

    init(making path: String) throws {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileTrouble(path, errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Not on disk before `flush`.
    package func append(_ bytes: [UInt8]) throws {
        try unsafe bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
                let count = unsafe Glibc.write(descriptor, start, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw FileTrouble(path, errno) }
                done += count
            }
        }
    }

    var identity: FileIdentity? {
        var found = stat()
        return unsafe fstat(descriptor, &found) == 0 ? FileIdentity(found) : nil
    }

    func flush() throws {
        guard fdatasync(descriptor) == 0 else { throw FileTrouble(path, errno) }
    }
}

/// Reads a file from its beginning to its end.
package final class FileReader {
    private let path: String
    private let descriptor: Int32

    package init(_ path: String) throws {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileTrouble(path, errno) }
    }

    /// For what is read while others wait. Whoever opens a pipe waits for its writer, who may never
    /// come.
    package init(plain path: String) throws {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileTrouble(path, errno) }
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0 else { throw FileTrouble(path, errno) }
        switch found.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw FileTrouble(path, EISDIR)
        default: throw FileTrouble(path, "this is a pipe or a device, and no plain file")
        }
    }

    deinit {
        close(descriptor)
    }

    /// So many bytes, or as many as are left.
    package func next(_ count: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + filled }
                let done = unsafe Glibc.read(descriptor, start, count - filled)
                if done < 0, errno == EINTR { continue }
                guard done >= 0 else { throw FileTrouble(path, errno) }
                guard done > 0 else { return }
                filled += done
            }
        }
    }

    func size() throws -> Int {
        let here = lseek(descriptor, 0, SEEK_CUR)
        let end = lseek(descriptor, 0, SEEK_END)
        guard here >= 0, end >= 0 else { throw FileTrouble(path, errno) }
        try go(to: here)
        return end
    }

    func go(to place: Int) throws {
        guard lseek(descriptor, place, SEEK_SET) >= 0 else { throw FileTrouble(path, errno) }
    }

    /// The whole file in chunks of one size; the last may be shorter, and is empty only if the
    /// file is.
    package func each(_ count: Int, _ body: ([UInt8], _ isLast: Bool) throws -> Void) throws {
        var chunk = try next(count)
        while true {
            let after = chunk.count < count ? [] : try next(count)
            try body(chunk, after.isEmpty)
            if after.isEmpty { return }
            chunk = after
        }
    }
}

/// A file that was not there before, such as a key, which nothing may ever be written over.
package enum NewFile {
    /// Readable by its owner alone from the first moment, and on disk when this returns.
    package static func make(_ path: String, _ bytes: [UInt8]) throws {
        let file = try FileWriter(making: path)
        do {
            try file.append(bytes)
            try file.flush()
            try flushToDisk(path)
        } catch {
            removeFile(path)
            throw error
        }
    }
}

/// A file that has its name only when it is whole and on disk.
package enum WholeFile {
    /// `decide` is asked last, about the file as it is called until then, and may throw: then there
    /// is no such file.
    package static func make(
        _ path: String,
        if decide: (_ unfinished: String) throws -> Void = { _ in },
        _ fill: (FileWriter) throws -> Void
    ) throws {
        let unfinished = path + ".unfinished"
        // One may be left of a process that was killed.
        removeFile(unfinished)
        Leftovers.add(unfinished)
        defer { Leftovers.remove(unfinished) }
        let file = try FileWriter(making: unfinished)
        try fill(file)
        try file.flush()
        try decide(unfinished)
        guard unsafe rename(unfinished, path) == 0 else { throw FileTrouble(path, errno) }
        try flushToDisk(path)
    }
}

/// The file and its entry in the folder.
func flushToDisk(_ path: String) throws {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    for name in [path, folder.isEmpty ? "." : folder.joined(separator: "/") + "/"] {
        let descriptor = unsafe Glibc.open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileTrouble(name, errno) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileTrouble(name, errno) }
    }
}

func removeFile(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
}
