import Basics
import Dispatch
import Synchronization

/// Deadlines, and the end.
extension Loop {
    /// Once a second.
    func sweep() {
        let now = milliseconds
        for connection in connections {
            if connection.unsent > 0, now > connection.writeDeadline {
                drop(connection)
            } else if connection.bodyBegan != nil {
                giveUpSlowBody(connection, now)
            } else if connection.stream != nil, connection.unsent == 0 {
                tend(connection, now)
            } else if now > connection.deadline, !isOnlyTaking(connection) {
                giveUp(connection)
            }
            count(connection)
        }
        makeRoom()
        listenAgain()
        tellIfEmpty()
    }

    /// Nothing is asked that is looked at now, and what was answered is on its way.
    private func isOnlyTaking(_ connection: Connection) -> Bool {
        guard connection.unsent > 0 else { return false }
        return switch connection.phase {
        case .reading: connection.parser.isIdle || connection.isHeldUp
        case .closing, .streaming: true
        case .answering, .lingering: false
        }
    }

    /// What came quickly in the beginning buys no silence later.
    private func giveUpSlowBody(_ connection: Connection, _ now: Int64) {
        let seconds = (now - (connection.bodyBegan ?? now)) / 1000
        guard seconds >= settings.bodySeconds else { return }
        if connection.bodyBytes < seconds * settings.bodyBytesPerSecond {
            refuse(connection, 408)
        } else {
            connection.bodyBegan = now
            connection.bodyBytes = 0
        }
    }

    private func tend(_ connection: Connection, _ now: Int64) {
        guard let streaming = connection.stream else { return }
        let silence = now - streaming.spokeAt
        if streaming.stream.isEvents {
            guard silence >= settings.heartbeatSeconds * 1000 else { return }
            append(Array(":\n\n".utf8), connection)
            flush(connection)
        } else if silence > settings.answerSeconds * 1000 {
            drop(connection)
        }
    }

    private func giveUp(_ connection: Connection) {
        switch connection.phase {
        case .reading:
            if connection.unsent > 0 || connection.parser.isIdle {
                drop(connection)
            } else {
                refuse(connection, 408)
            }
        case .answering:
            if connection.unsent > 0 {
                drop(connection)
            } else {
                // Too late for an answer; when it comes it finds nobody.
                refuse(connection, 503)
            }
        case .streaming, .closing, .lingering: drop(connection)
        }
    }

    /// From now on with other limits; a connection that is there keeps those of what it reads.
    func change(_ settings: ServerSettings) {
        queue.async { [self] in
            inTurn { self.settings = settings }
        }
    }

    /// Takes no new connection. Afterwards the listener may be closed: while another process holds
    /// it too, epoll would go on telling of it.
    func closeDoor() {
        queue.sync { inTurn { stopListening() } }
    }

    /// Finishes what is asked, and lets idle connections go a moment later. No loop of the group
    /// accepts any more, so the last that come have come.
    func stop() {
        let pause = queue.sync {
            inTurn {
                isStopping = true
                takeMail()
                for connection in connections {
                    hurry(connection)
                    count(connection)
                }
                tellIfEmpty()
            }
            return DispatchTimeInterval.milliseconds(settings.lastRequestMilliseconds)
        }
        queue.asyncAfter(deadline: .now() + pause) { [self] in
            inTurn {
                isLettingGo = true
                for connection in connections where isKept(connection) && connection.unsent == 0 {
                    drop(connection)
                }
            }
        }
    }

    /// Nothing is asked on it, and something was before.
    func isKept(_ connection: Connection) -> Bool {
        isIdle(connection) && connection.requests > 0
    }

    private func isIdle(_ connection: Connection) -> Bool {
        connection.phase == .reading && connection.parser.isIdle
    }

    /// Once.
    func tellIfEmpty() {
        guard isStopping, load.load(ordering: .relaxed) == 0, !hasToldEmpty else { return }
        hasToldEmpty = true
        shared.loopIsEmpty()
    }

    func hurry(_ connection: Connection) {
        if connection.stream?.stream.isEvents == true {
            // Events have no end of their own; the browser comes back for them by itself.
            if connection.stream?.current.isOld == false { connection.output += "0\r\n\r\n".utf8 }
            finish(connection)
        } else if isIdle(connection), connection.requests == 0 {
            // Whoever has just connected is about to ask.
            connection.deadline = milliseconds + settings.lingerSeconds * 1000
        }
    }

    /// Lets go of whoever is left.
    func end() {
        queue.sync {
            inTurn { for connection in connections { drop(connection) } }
            group = []
            cancel()
        }
    }
}
