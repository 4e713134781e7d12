import Basics
import Crypto
import Glibc
import Synchronization

/// A body that was too long to keep in memory: sealed in a file without a name under a key that
/// lives only here, so that nothing readable is ever on the disk, and nothing is left behind
/// however the process ends.
package final class SpooledFile: Sendable {
    package let count: Int
    private let descriptor: Int32
    private let key: SecretKey
    private let share: SpoolRoom.Share

    /// How much is sealed at a time.
    static let chunkBytes = 64 * 1024
    private static let sealedChunkBytes = chunkBytes + AESGCM.tagCount

    private init(_ descriptor: Int32, _ key: SecretKey, _ share: SpoolRoom.Share, count: Int) {
        self.descriptor = descriptor
        self.key = key
        self.share = share
        self.count = count
    }

    deinit {
        close(descriptor)
    }

    /// A part of the body. It reads from the disk, so it belongs in the slow lane.
    package func read(_ range: Range<Int>) throws -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var place = range.lowerBound
        while place < range.upperBound {
            let number = place / Self.chunkBytes
            let chunk = try open(number)
            let start = place - number * Self.chunkBytes
            let end = min(chunk.count, range.upperBound - number * Self.chunkBytes)
            bytes += chunk[start..<end]
            place += end - start
        }
        return bytes
    }

    private func open(_ number: Int) throws -> [UInt8] {
        let plain = min(Self.chunkBytes, count - number * Self.chunkBytes)
        var sealed = [UInt8](repeating: 0, count: plain + AESGCM.tagCount)
        let size = sealed.count
        let got = unsafe sealed.withUnsafeMutableBytes { buffer in
            unsafe pread(
                descriptor,
                buffer.baseAddress,
                size,
                off_t(number * Self.sealedChunkBytes)
            )
        }
        guard got == size else { throw SpoolFault(code: errno) }
        return try AESGCM.open(sealed, key: key, nonce: Self.nonce(number), context: [])
    }

    /// The number of the chunk: the key is used for this one file, so none comes twice.
    private static func nonce(_ number: Int) -> [UInt8] {
        [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    /// Takes the body as it comes. What has been taken is sealed chunk by chunk.
    final class Writer {
        private let descriptor: Int32
        private let key = SecretKey(random: .system)
        private let share: SpoolRoom.Share
        private var waiting: [UInt8] = []
        private var chunks = 0
        private(set) var count = 0
        private var isDone = false

        var heldBytes: Int { waiting.capacity }

        init(folder: String, room: SpoolRoom) throws(SpoolFault) {
            share = SpoolRoom.Share(of: room)
            // A file without a name; where the file system has none such, a name that goes at once.
            let unnamed: Int32 = 0o20_200_000
            let plain = unsafe Glibc.open(folder, O_RDWR | O_CLOEXEC | unnamed, 0o600)
            if plain >= 0 {
                descriptor = plain
                return
            }
            var name = Array("\(folder)/upload-XXXXXX".utf8CString)
            let made = unsafe mkstemp(&name)
            guard made >= 0 else { throw SpoolFault(code: errno) }
            unsafe unlink(name)
            _ = fcntl(made, F_SETFD, FD_CLOEXEC)
            descriptor = made
        }

        deinit {
            if !isDone { close(descriptor) }
        }

        func append(_ bytes: ArraySlice<UInt8>) throws(SpoolFault) {
            waiting += bytes
            count += bytes.count
            var place = 0
            while waiting.count - place >= SpooledFile.chunkBytes {
                try write(waiting[place..<place + SpooledFile.chunkBytes])
                place += SpooledFile.chunkBytes
            }
            if place > 0 { waiting.removeFirst(place) }
        }

        func finish() throws(SpoolFault) -> SpooledFile {
            if !waiting.isEmpty { try write(waiting[...]) }
            isDone = true
            return SpooledFile(descriptor, key, share, count: count)
        }

        private func write(_ plain: ArraySlice<UInt8>) throws(SpoolFault) {
            guard
                let sealed = try? AESGCM.seal(
                    Array(plain),
                    key: key,
                    nonce: SpooledFile.nonce(chunks),
                    context: []
                )
            else { throw SpoolFault(code: EIO) }
            guard share.take(sealed.count) else { throw SpoolFault(code: ENOSPC) }
            chunks += 1
            var rest = sealed[...]
            while !rest.isEmpty {
                let sent = unsafe rest.withUnsafeBytes {
                    unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
                }
                if sent < 0, errno == EINTR { continue }
                guard sent > 0 else { throw SpoolFault(code: errno) }
                rest = rest.dropFirst(sent)
            }
        }
    }
}

/// The disk would not take or give a body.
struct SpoolFault: Error {
    let code: Int32
}
