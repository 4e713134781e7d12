import Basics
import Crypto
import Glibc
import Synchronization

/// What comes in.
extension Loop {
    func receive(_ connection: Connection) {
        switch unsafe connection.read(into: buffer) {
        case .wouldBlock: return
        case .wouldBlockWriting: watch(connection, Interest.read | Interest.write)
        case .closed: clientEnded(connection)
        case .bytes(let count):
            shared.counted.received.add(count, ordering: .relaxed)
            take(count, connection)
        }
    }

    private func take(_ count: Int, _ connection: Connection) {
        guard connection.phase != .closing, connection.phase != .lingering else { return }
        if connection.parser.isIdle {
            connection.deadline = max(
                connection.phase == .reading ? 0 : connection.deadline,
                milliseconds + settings.headSeconds * 1000
            )
        }
        if connection.bodyBegan != nil { connection.bodyBytes += Int64(count) }
        unsafe connection.parser.append(
            UnsafeRawBufferPointer(rebasing: buffer[..<count]),
            lending: &spareInput
        )
        if connection.phase == .reading {
            work(connection)
        } else {
            connection.parser.giveBack(&spareInput)
        }
        // Asking for more and more without waiting for an answer: not heard until it is sent.
        if isOpen(connection), mayNotRead(connection) { watch(connection, waiting(connection)) }
    }

    private func mayNotRead(_ connection: Connection) -> Bool {
        connection.isInLine || connection.unsent > settings.unsentBytes
            || connection.phase != .reading
                && connection.parser.waitingCount > settings.waitingBytes
    }

    /// What a connection waits for: to be heard, to be able to say the rest, or only for its
    /// handler.
    func waiting(_ connection: Connection) -> UInt32? {
        var flags: UInt32 = 0
        if connection.unsent > 0 { flags |= Interest.write }
        if !connection.hasEnded, !mayNotRead(connection) { flags |= Interest.read }
        return flags == 0 ? nil : flags
    }

    /// Whoever closed their half may still be waiting for the answer.
    private func clientEnded(_ connection: Connection) {
        connection.hasEnded = true
        switch connection.phase {
        case .streaming where connection.stream?.stream.isEvents == true: drop(connection)
        case .answering, .streaming: watch(connection, waiting(connection))
        // What it asked before, and has waited since, is answered too.
        case .reading where connection.unsent > 0 || connection.isInLine:
            watch(connection, waiting(connection))
        case .closing: flush(connection)
        case .reading, .lingering: drop(connection)
        }
    }

    /// Answers the requests that have come whole, in order, with as few writes as may be; of many
    /// only the first, and the others when it is their turn.
    func work(_ connection: Connection, most: Int = Loop.requestsAtOnce) {
        defer { connection.parser.giveBack(&spareInput) }
        guard !connection.isInLine else { return }
        if connection.isHeldUp {
            connection.isHeldUp = false
            connection.deadline = milliseconds + settings.headSeconds * 1000
        }
        var answered = 0
        while connection.phase == .reading {
            if answered == most, connection.parser.waitingCount > 0 {
                standInLine(connection)
                break
            }
            if connection.unsent > settings.unsentBytes {
                flush(connection)
                // The client takes them up as fast as they come: on with the next.
                guard isOpen(connection), connection.unsent == 0 else {
                    connection.isHeldUp = true
                    return
                }
            }
            do throws(BadRequest) {
                switch try connection.parser.next() {
                case .needsMore:
                    if connection.hasEnded || isLettingGo && isKept(connection) {
                        connection.phase = .closing
                    }
                    noteProgress(connection)
                    flush(connection)
                    return
                case .wantsContinue:
                    connection.output += "HTTP/1.1 100 Continue\r\n\r\n".utf8
                    noteProgress(connection)
                    flush(connection)
                case .request(let head, let body):
                    connection.bodyBegan = nil
                    guard mayHandOver(head, body) else {
                        refuse(connection, 503, head)
                        return
                    }
                    answered += 1
                    handle(head, body, connection)
                }
            } catch {
                refuse(connection, error.status)
                return
            }
        }
        flush(connection)
    }

    private func noteProgress(_ connection: Connection) {
        let now = milliseconds
        if connection.parser.isIdle {
            // Before its first request a client has less time: it was in a hurry to connect.
            if connection.requests > 0 { connection.deadline = now + settings.idleSeconds * 1000 }
        } else if connection.parser.isReadingBody, connection.bodyBegan == nil {
            connection.bodyBegan = now
            connection.bodyBytes = 0
            connection.deadline = .max
        }
    }

    private func handle(_ head: RequestHead, _ body: HTTPBody, _ connection: Connection) {
        let isProxied = settings.trustedProxies.contain(connection.address)
        let isSecure =
            connection.tls != nil
            || isProxied && Forwarded.isSecure(head.headers, trusted: settings.trustedProxies)
        // What is asked for by https is not told to whoever came without (RFC 9110, 7.4).
        guard isSecure || !head.wantsTLS else { return refuse(connection, 421, head) }
        connection.requests += 1
        let number = shared.nextNumber()
        connection.phase = .answering
        connection.deadline = milliseconds + settings.answerSeconds * 1000
        connection.current = Connection.Current(
            number: number,
            method: head.method,
            began: now,
            keepsAlive: head.keepsAlive
                && connection.requests < settings.requestsPerConnection,
            headers: head.headers,
            isOld: head.isOld
        )
        let request = HTTPRequest(
            method: head.method,
            path: head.path,
            query: head.query,
            headers: head.headers,
            body: body,
            clientAddress: isProxied
                ? Forwarded.client(
                    head.headers,
                    else: connection.address,
                    trusted: settings.trustedProxies
                ) : connection.address,
            isSecure: isSecure,
            host: head.host,
            number: number,
            receivedAt: shared.time.now()
        )
        let descriptor = connection.descriptor
        let generation = connection.generation
        let inHand = inHand(head, body)
        working = descriptor
        defer { working = -1 }
        shared.handler(
            request,
            Responder { response in
                withExtendedLifetime(inHand) {
                    self.answer(
                        Answered(
                            descriptor: descriptor,
                            generation: generation,
                            number: number,
                            response: response
                        )
                    )
                }
            }
        )
    }

    /// A request that no handler ever saw, or whose handler is late. What is known of it is the head
    /// that was read whole, with its body or before it.
    func refuse(_ connection: Connection, _ status: Int, _ whole: RequestHead? = nil) {
        let head = whole ?? connection.parser.reading
        let number = connection.current?.number ?? shared.nextNumber()
        let method = connection.current?.method ?? head?.method
        let answer = shared.refusal(status, path: head?.path, number)
        let hasBody = method != .head
        connection.output += writer.bare(
            status,
            retryAfterSeconds: status == 503 ? 5 : nil,
            answer,
            hasBody: hasBody
        )
        log.append(
            AnsweredRequest(
                number: number,
                method: method,
                status: status,
                bytes: hasBody ? answer.bytes.count : 0,
                microseconds: Int(connection.current.map { now - $0.began } ?? 0),
                label: nil
            )
        )
        connection.current = nil
        connection.bodyBegan = nil
        connection.parser.forget()
        connection.phase = .closing
        connection.hasEnded = false
        flush(connection)
    }
}
