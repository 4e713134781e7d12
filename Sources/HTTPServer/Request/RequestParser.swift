/// Takes a connection's bytes in whatever pieces they come, and gives requests. The same bytes
/// give the same verdict however they were split.
struct RequestParser {
    enum Outcome {
        case needsMore
        /// The client waits to be asked for its body.
        case wantsContinue
        case request(RequestHead, HTTPBody)
    }

    private enum Stage {
        case head
        case body(RequestHead, left: Int)
        case chunkSize(RequestHead)
        case chunk(RequestHead, left: Int)
        case chunkEnd(RequestHead)
        case trailers(RequestHead)
    }

    private let settings: ServerSettings
    private var stage = Stage.head
    private var input: [UInt8] = []
    /// Where what has not been taken yet begins.
    private var start = 0
    /// How far the search for the end of a head has come.
    private var scanned = 0
    private var hasSkippedLine = false
    private var hasLine = false
    private var body: BodyCollector
    private let room: SpoolRoom
    private var trailerBytes = 0
    private var trailerCount = 0

    init(settings: ServerSettings, room: SpoolRoom) {
        self.settings = settings
        self.room = room
        body = BodyCollector(settings, room)
    }

    /// Nothing of a next request has come.
    var isIdle: Bool {
        if case .head = stage { return waitingCount == 0 }
        return false
    }

    var isReadingBody: Bool {
        if case .head = stage { return false }
        return true
    }

    /// Bytes that nobody has taken yet.
    var waitingCount: Int { input.count - start }

    /// The memory that is taken, full or not.
    var heldBytes: Int {
        input.capacity + (reading.map { body.heldBytes + $0.heldBytes } ?? 0)
    }

    /// The request whose body is being read.
    var reading: RequestHead? {
        switch stage {
        case .head: nil
        case .body(let head, _), .chunkSize(let head), .chunk(let head, _), .chunkEnd(let head),
            .trailers(let head):
            head
        }
    }

    /// Into memory that is lent for the moment, from whoever has some to spare.
    mutating func append(_ bytes: UnsafeRawBufferPointer, lending spare: inout [UInt8]) {
        if input.capacity == 0 { swap(&input, &spare) }
        unsafe input.append(contentsOf: bytes)
    }

    /// Gives back what was lent: an idle connection holds no memory, and one in the middle of a request only
    /// what it needs.
    mutating func giveBack(_ spare: inout [UInt8]) {
        if spare.capacity == 0 {
            let rest = input[start...].apart
            input.removeAll(keepingCapacity: true)
            swap(&input, &spare)
            input = rest
            start = 0
        } else if input.isEmpty {
            input = []
        }
    }

    /// Nothing more will be asked of it.
    mutating func forget() {
        self = RequestParser(settings: settings, room: room)
    }

    mutating func next() throws(BadRequest) -> Outcome {
        while true {
            switch stage {
            case .head:
                guard let head = try takeHead() else { return .needsMore }
                trailerBytes = 0
                trailerCount = 0
                switch head.framing {
                case .none: return .request(head, .none)
                case .length(let count):
                    stage = .body(head, left: count)
                    guard count <= settings.bodyBytes else { throw BadRequest(status: 413) }
                case .chunked: stage = .chunkSize(head)
                }
                if head.expectsContinue, waitingCount == 0 { return .wantsContinue }
            case .body(let head, let left):
                let count = min(left, waitingCount)
                try body.append(input[start..<start + count])
                drop(count)
                guard count == left else {
                    stage = .body(head, left: left - count)
                    return .needsMore
                }
                return try finish(head)
            case .chunkSize(let head):
                guard let line = try takeLine(limit: 300, over: 400) else { return .needsMore }
                let size = try ChunkLine.size(line)
                guard size <= settings.bodyBytes - body.count else {
                    throw BadRequest(status: 413)
                }
                stage = size == 0 ? .trailers(head) : .chunk(head, left: size)
            case .chunk(let head, let left):
                let count = min(left, waitingCount)
                try body.append(input[start..<start + count])
                drop(count)
                guard count == left else {
                    stage = .chunk(head, left: left - count)
                    return .needsMore
                }
                stage = .chunkEnd(head)
            case .chunkEnd(let head):
                guard waitingCount >= 2 else {
                    if waitingCount == 1, input[start] != 0x0D { throw .malformed }
                    return .needsMore
                }
                guard input[start] == 0x0D, input[start + 1] == 0x0A else { throw .malformed }
                drop(2)
                stage = .chunkSize(head)
            case .trailers(let head):
                guard let line = try takeLine(limit: settings.trailerBytes, over: 431) else {
                    return .needsMore
                }
                if line.isEmpty { return try finish(head) }
                trailerBytes += line.count
                trailerCount += 1
                guard trailerBytes <= settings.trailerBytes, trailerCount <= settings.fieldCount
                else { throw BadRequest(status: 431) }
                // Read for their shape and dropped: nothing after the body may change its meaning.
                var end = 0
                _ = try HeadReader.field(line.span, &end)
                guard end == line.count else { throw .malformed }
            }
        }
    }

    private mutating func finish(_ head: RequestHead) throws(BadRequest) -> Outcome {
        stage = .head
        return .request(head, try body.finish())
    }

    private mutating func takeHead() throws(BadRequest) -> RequestHead? {
        // One empty line before a request is forgiven (RFC 9112, 2.2).
        if !hasSkippedLine, waitingCount >= 2, input[start] == 0x0D, input[start + 1] == 0x0A {
            drop(2)
            hasSkippedLine = true
        }
        while scanned < waitingCount {
            skipPlain()
            guard scanned < waitingCount else { break }
            let place = start + scanned
            let byte = input[place]
            if byte == 0x0A {
                guard scanned > 0, input[place - 1] == 0x0D else { throw .malformed }
                if scanned >= 3, input[place - 2] == 0x0A {
                    let bytes = input[start...place].apart
                    drop(scanned + 1)
                    hasSkippedLine = false
                    return try RequestHead(bytes, settings)
                }
                hasLine = true
            } else if byte == 0 {
                throw .malformed
            } else if scanned > 0, input[place - 1] == 0x0D {
                throw .malformed
            } else if !hasLine, scanned >= settings.lineBytes, byte != 0x0D {
                // A request line without an end is no reason to keep reading.
                throw BadRequest(status: 414)
            }
            scanned += 1
            guard scanned <= settings.headBytes else { throw BadRequest(status: 431) }
        }
        return nil
    }

    /// Past what neither ends a line nor is refused, as far as a limit at most.
    private mutating func skipPlain() {
        if scanned > 0, input[start + scanned - 1] == 0x0D { return }
        let most = min(waitingCount, hasLine ? .max : settings.lineBytes, settings.headBytes)
        scanned = Self.endOfPlain(input.span, from: start + scanned, to: start + most) - start
    }

    private static func endOfPlain(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var place = start
        while place < end, bytes[place] > 0x0D { place += 1 }
        return place
    }

    private mutating func takeLine(limit: Int, over status: Int) throws(BadRequest) -> [UInt8]? {
        for place in start..<input.count {
            let byte = input[place]
            if byte == 0x0A {
                guard place > start, input[place - 1] == 0x0D else { throw .malformed }
                let line = Array(input[start..<(place - 1)])
                drop(place - start + 1)
                return line
            }
            if place > start, input[place - 1] == 0x0D { throw .malformed }
            guard place - start < limit else { throw BadRequest(status: status) }
        }
        return nil
    }

    private mutating func drop(_ count: Int) {
        start += count
        scanned = 0
        hasLine = false
        if start == input.count {
            input.removeAll(keepingCapacity: true)
            start = 0
        } else if start > 64 * 1024 {
            input.removeFirst(start)
            start = 0
        }
    }
}
