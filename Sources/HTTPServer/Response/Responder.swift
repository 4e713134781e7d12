/// The way back for one answer. `send` is called exactly once, from any thread; a second answer
/// is dropped.
package struct Responder: Sendable {
    private let deliver: @Sendable (HTTPResponse) -> Void

    /// Also for tests, which take the answer without a socket.
    package init(_ deliver: @escaping @Sendable (HTTPResponse) -> Void) {
        self.deliver = deliver
    }

    package func send(_ response: HTTPResponse) {
        deliver(response)
    }
}
