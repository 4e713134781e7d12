import Basics
import CLinux
import Crypto
import Glibc
import Synchronization

/// What goes out.
extension Loop {
    /// From any thread: at once while the loop hands over the request, else through the mailbox.
    func answer(_ answered: Answered) {
        if isOnItsThread, working == answered.descriptor {
            deliver(answered, isDirect: true)
        } else {
            post(.answer(answered))
        }
    }

    func deliver(_ answered: Answered, isDirect: Bool) {
        guard let connection = connection(answered.descriptor),
            connection.generation == answered.generation,
            var current = connection.current, current.number == answered.number
        else {
            // Nobody waits for it any more.
            if case .stream(let stream) = answered.response.body { stream.clientWent() }
            return
        }
        connection.current = nil
        let response = sound(answered.response, current.number)
        // A stop may have come since it was asked, and the client has to know of it; but what it
        // has asked already is answered too.
        if isStopping, connection.parser.waitingCount == 0 { current.keepsAlive = false }
        var output: [UInt8] = []
        swap(&output, &connection.output)
        if output.capacity == 0 { swap(&output, &spareOutput) }
        let written = writer.write(response, to: current, into: &output)
        swap(&output, &connection.output)
        if let body = written.beside { send(body, connection) }
        if case .stream(let stream) = response.body {
            begin(stream, response, current, connection, isDirect: isDirect)
            return
        }
        note(response.status, response.label, response.community, current, written.count)
        goOn(connection, current, isDirect: isDirect)
    }

    /// A field with a line break in it could split the answer into two.
    private func sound(_ response: HTTPResponse, _ number: UInt64) -> HTTPResponse {
        guard response.headers.isSpoilt else { return response }
        if case .stream(let stream) = response.body { stream.clientWent() }
        let fault = shared.refusal(500, path: nil, number)
        var sound = HTTPResponse(status: 500, contentType: fault.contentType, fault.bytes)
        sound.label = response.label
        sound.community = response.community
        return sound
    }

    /// After an answer: the next request, or the end.
    private func goOn(_ connection: Connection, _ current: Connection.Current, isDirect: Bool) {
        let hasMore = !connection.hasEnded || connection.parser.waitingCount > 0
        if current.keepsAlive, hasMore {
            connection.phase = .reading
            let seconds =
                connection.parser.isIdle ? settings.idleSeconds : settings.headSeconds
            connection.deadline = milliseconds + seconds * 1000
            // Within `work` the next request is taken there.
            if !isDirect { work(connection) }
        } else {
            connection.phase = .closing
            if !isDirect { flush(connection) }
        }
    }

    private func note(
        _ status: Int,
        _ label: String?,
        _ community: String?,
        _ current: Connection.Current,
        _ bytes: Int
    ) {
        now = Clock.microseconds()
        log.append(
            AnsweredRequest(
                number: current.number,
                method: current.method,
                status: status,
                bytes: bytes,
                microseconds: Int(now - current.began),
                label: label,
                community: community
            )
        )
    }

    func note(_ streaming: Connection.Streaming) {
        note(
            streaming.status,
            streaming.label,
            streaming.community,
            streaming.current,
            streaming.bytes
        )
    }

    // MARK: Streams

    private func begin(
        _ stream: ResponseStream,
        _ response: HTTPResponse,
        _ current: Connection.Current,
        _ connection: Connection,
        isDirect: Bool
    ) {
        // Nobody asks for its fields any more, and a stream may last.
        var current = current
        current.headers = HTTPHeaders()
        connection.phase = .streaming
        connection.stream = Connection.Streaming(
            stream: stream,
            current: current,
            status: response.status,
            label: response.label,
            community: response.community,
            spokeAt: milliseconds
        )
        connection.deadline = .max
        let mail = Mail.stream(connection.descriptor, generation: connection.generation)
        stream.attach { [self] in post(mail) }
        if current.method == .head {
            finish(connection, isDirect: isDirect)
        } else {
            // What the maker wrote before the stream was attached has rung no bell.
            post(mail)
        }
    }

    /// Moves what the maker has ready to the client, as far as the client takes it.
    func pump(_ connection: Connection) {
        while let streaming = connection.stream, connection.unsent < settings.streamBytes {
            switch streaming.stream.take() {
            case .bytes(let bytes): append(bytes, connection)
            case .nothingYet:
                flush(connection)
                return
            case .finished:
                if !streaming.current.isOld { connection.output += "0\r\n\r\n".utf8 }
                finish(connection)
                return
            case .brokenOff:
                drop(connection)
                return
            }
        }
        flush(connection)
    }

    func append(_ bytes: [UInt8], _ connection: Connection) {
        guard let isOld = connection.stream?.current.isOld else { return }
        connection.stream?.bytes += bytes.count
        connection.stream?.spokeAt = milliseconds
        if !isOld { connection.output += "\(String(bytes.count, radix: 16))\r\n".utf8 }
        connection.output += bytes
        if !isOld { connection.output += "\r\n".utf8 }
    }

    /// The stream has been sent whole.
    func finish(_ connection: Connection, isDirect: Bool = false) {
        guard let streaming = connection.stream else { return }
        connection.stream = nil
        streaming.stream.clientWent()
        note(streaming)
        if streaming.current.isOld {
            connection.phase = .closing
            if !isDirect { flush(connection) }
        } else {
            goOn(connection, streaming.current, isDirect: isDirect)
        }
    }

    // MARK: Bytes

    /// A long body, from where it lies; only what the socket does not take is copied.
    private func send(_ body: ArraySlice<UInt8>, _ connection: Connection) {
        let waiting = connection.unsent
        let outcome = connection.write(connection.output[connection.written...], body)
        guard case .bytes(let count) = outcome else {
            connection.output += body
            return
        }
        shared.counted.sent.add(count, ordering: .relaxed)
        connection.written += min(count, waiting)
        connection.output += body.dropFirst(max(0, count - waiting))
    }

    func flush(_ connection: Connection) {
        guard isOpen(connection) else { return }
        let added = max(0, connection.unsent - connection.owed)
        while connection.unsent > 0 {
            switch connection.write(connection.output[connection.written...]) {
            case .bytes(let count):
                connection.written += count
                shared.counted.sent.add(count, ordering: .relaxed)
            case .closed:
                drop(connection)
                return
            case .wouldBlock, .wouldBlockWriting:
                waitToWrite(connection, added)
                return
            }
        }
        connection.writeDeadline = .max
        connection.owed = 0
        takeBack(connection)
        if connection.phase == .closing {
            sayGoodbye(connection)
        } else {
            watch(connection, waiting(connection))
        }
    }

    /// What is unsent stays with the connection, and the memory for it with the loop.
    private func takeBack(_ connection: Connection) {
        if spareOutput.capacity == 0, connection.output.capacity <= settings.unsentBytes {
            let rest = connection.output[connection.written...].apart
            connection.output.removeAll(keepingCapacity: true)
            swap(&connection.output, &spareOutput)
            connection.output = rest
            connection.written = 0
        } else if connection.written >= connection.unsent {
            // Not before half of it was sent, so that a byte is moved once for each that goes.
            connection.output = connection.output[connection.written...].apart
            connection.written = 0
        }
    }

    /// More to take gives more time, but only as much as it takes, and no more than what is there
    /// now would be given: what was taken already buys none.
    private func waitToWrite(_ connection: Connection, _ added: Int) {
        takeBack(connection)
        watch(connection, waiting(connection))
        if connection.writeDeadline == .max {
            connection.writeDeadline = milliseconds + settings.writeSeconds * 1000
        }
        connection.writeDeadline = min(
            connection.writeDeadline + takingMilliseconds(added),
            milliseconds + settings.writeSeconds * 1000 + takingMilliseconds(connection.unsent)
        )
        connection.owed = connection.unsent
    }

    private func takingMilliseconds(_ bytes: Int) -> Int64 {
        Int64(bytes) * 1000 / settings.writeBytesPerSecond
    }

    /// What the client still sends is dropped for a moment, so that the last answer is not lost
    /// to a reset.
    private func sayGoodbye(_ connection: Connection) {
        guard !connection.hasEnded else {
            drop(connection)
            return
        }
        connection.tls?.finish()
        shutdown(connection.descriptor, Int32(SHUT_WR))
        connection.phase = .lingering
        connection.deadline = milliseconds + settings.lingerSeconds * 1000
        watch(connection, Interest.read)
    }

    /// The client has taken some of its answers: the rest of them, then its waiting requests.
    func resume(_ connection: Connection) {
        if connection.unsent == 0 {
            // TLS asked to write in the middle of a read.
            watch(connection, Interest.read)
            receive(connection)
            return
        }
        flush(connection)
        guard isOpen(connection), connection.unsent == 0 else { return }
        switch connection.phase {
        case .reading: work(connection)
        case .streaming: pump(connection)
        case .answering, .closing, .lingering: break
        }
    }
}
