/// What came after a request's head. It is bounded by the settings before anybody sees it.
package enum HTTPBody: Sendable {
    case none
    case bytes([UInt8])
    /// Too long to keep in memory while it arrived.
    case file(SpooledFile)

    package var count: Int {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .file(let file): file.count
        }
    }

    /// The memory that it takes.
    var heldBytes: Int {
        if case .bytes(let bytes) = self { bytes.capacity } else { 0 }
    }

    /// The whole body; nil when it lies in a file, which is read in the slow lane by `read`.
    package var bytes: [UInt8]? {
        switch self {
        case .none: []
        case .bytes(let bytes): bytes
        case .file: nil
        }
    }

    package func read(_ range: Range<Int>) throws -> [UInt8] {
        switch self {
        case .none: []
        case .bytes(let bytes): Array(bytes[range])
        case .file(let file): try file.read(range)
        }
    }
}

/// Collects a body as it comes: in memory while it is short, then in a sealed file.
struct BodyCollector {
    private let memoryBytes: Int
    private let folder: String
    private let room: SpoolRoom
    private var bytes: [UInt8] = []
    private var writer: SpooledFile.Writer?

    init(_ settings: ServerSettings, _ room: SpoolRoom) {
        self.room = room
        memoryBytes = settings.memoryBodyBytes
        folder = settings.uploadFolder
    }

    private(set) var count = 0

    /// The memory that is taken, full or not.
    var heldBytes: Int { bytes.capacity + (writer?.heldBytes ?? 0) }

    mutating func append(_ more: ArraySlice<UInt8>) throws(BadRequest) {
        guard !more.isEmpty else { return }
        count += more.count
        do throws(SpoolFault) {
            if let writer {
                try writer.append(more)
            } else if count <= memoryBytes {
                bytes += more
            } else {
                let begun = try SpooledFile.Writer(folder: folder, room: room)
                try begun.append(bytes[...])
                try begun.append(more)
                bytes = []
                writer = begun
            }
        } catch {
            throw BadRequest(status: 503)
        }
    }

    mutating func finish() throws(BadRequest) -> HTTPBody {
        count = 0
        do throws(SpoolFault) {
            if let whole = writer {
                writer = nil
                return .file(try whole.finish())
            }
        } catch {
            throw BadRequest(status: 503)
        }
        let whole = bytes
        bytes = []
        return .bytes(whole)
    }
}
