import Dispatch
import Synchronization

/// A body that is made while it is sent: a long export, or events as they happen.
///
/// Its maker works on a thread of its own. A slow reader makes `write` wait, so that no more
/// than a bounded part lies in memory. A maker that says nothing for `answerSeconds` and has not
/// finished is given up: the answer breaks off, and the client can tell.
package final class ResponseStream: Sendable {
    /// Events have no end; between them the stream shows now and then that it lives.
    let isEvents: Bool
    private let most: Int
    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 0)

    private struct State {
        var waiting: [UInt8] = []
        var ending: Ending?
        var isGone = false
        var isWaitedFor = false
        var onGone: (@Sendable () -> Void)?
        var wake: (@Sendable () -> Void)?
    }

    private enum Ending {
        case finished
        case brokenOff
    }

    package init(isEvents: Bool = false, unsentBytes most: Int = 256 * 1024) {
        self.isEvents = isEvents
        self.most = most
    }

    // MARK: The maker's side

    package enum Offer: Sendable {
        case taken
        /// Nothing was taken: too much is still unsent.
        case full
        case gone
    }

    /// Never waits.
    package func offer(_ bytes: [UInt8]) -> Offer {
        let (offer, wake) = state.withLock { state -> (Offer, (@Sendable () -> Void)?) in
            if state.isGone || state.ending != nil { return (.gone, nil) }
            if state.waiting.count >= most { return (.full, nil) }
            let before = state.waiting.capacity
            state.waiting += bytes
            // Also when it takes more memory, since the connection counts that.
            return (.taken, state.waiting.capacity == before ? nil : state.wake)
        }
        wake?()
        return offer
    }

    /// Waits for room, so it is never called on a loop. One thread writes at a time.
    package func write(_ bytes: [UInt8]) throws(ClientGone) {
        while true {
            switch offer(bytes) {
            case .taken: return
            case .gone: throw ClientGone()
            case .full: waitForRoom()
            }
        }
    }

    private func waitForRoom() {
        let mustWait = state.withLock { state in
            state.isWaitedFor = !state.isGone && state.waiting.count >= most
            return state.isWaitedFor
        }
        if mustWait { room.wait() }
    }

    /// Everything has been written.
    package func finish() { end(.finished) }

    /// It cannot be completed: the connection is closed, so that nobody takes it for whole.
    package func breakOff() { end(.brokenOff) }

    private func end(_ ending: Ending) {
        let wake = state.withLock { state in
            if state.ending == nil { state.ending = ending }
            return state.wake
        }
        wake?()
    }

    /// Called once when the client has gone or the answer has ended, on any thread.
    package func onGone(_ body: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            if !state.isGone { state.onGone = body }
            return state.isGone
        }
        if isGone { body() }
    }

    // MARK: The connection's side

    enum Taken {
        case bytes([UInt8])
        case nothingYet
        case finished
        case brokenOff
    }

    /// The memory that is taken, full or not.
    var heldBytes: Int { state.withLock { $0.waiting.capacity } }

    func attach(_ wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.wake = wake }
    }

    func take() -> Taken {
        let (taken, isWaitedFor) = state.withLock { state -> (Taken, Bool) in
            if state.ending == .brokenOff { return (.brokenOff, false) }
            guard !state.waiting.isEmpty else {
                return (state.ending == .finished ? .finished : .nothingYet, false)
            }
            defer {
                state.waiting = []
                state.isWaitedFor = false
            }
            return (.bytes(state.waiting), state.isWaitedFor)
        }
        if isWaitedFor { room.signal() }
        return taken
    }

    func clientWent() {
        let (body, isWaitedFor) = state.withLock { state in
            let found = (state.isGone ? nil : state.onGone, state.isWaitedFor)
            state.isGone = true
            state.wake = nil
            state.onGone = nil
            state.isWaitedFor = false
            return found
        }
        if isWaitedFor { room.signal() }
        body?()
    }
}

/// The other end closed, or took nothing for too long.
package struct ClientGone: Error {}

/// One event as a browser's EventSource reads it.
package struct ServerSentEvent: Sendable {
    package let bytes: [UInt8]

    package init(name: String? = nil, id: String? = nil, data: String) {
        var text = ""
        // A line break would end the field; a name or an id never has one of its own.
        if let name { text += "event: \(name.filter { !$0.isNewline })\n" }
        if let id { text += "id: \(id.filter { !$0.isNewline })\n" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            text += "data: \(line)\n"
        }
        bytes = Array((text + "\n").utf8)
    }
}

extension HTTPResponse {
    /// Events as they happen, until the client goes or the server stops.
    package static func events(_ stream: ResponseStream) -> HTTPResponse {
        var response = HTTPResponse(body: .stream(stream))
        response.headers.add("Content-Type", "text/event-stream")
        response.headers.add("Cache-Control", "no-store")
        // A proxy that collects an answer before it passes it on would hold every event back.
        response.headers.add("X-Accel-Buffering", "no")
        return response
    }
}
