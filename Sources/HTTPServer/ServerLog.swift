/// What the server tells about itself. An answered request is told by number, method, status,
/// length, time and the handler's own label; never by path, query or address, which may be
/// personal.
package struct ServerLog: Sendable {
    /// Called on a loop with the answers of one turn: it must be quick.
    package let answered: @Sendable ([AnsweredRequest]) -> Void
    /// Something an operator should know, in one sentence.
    package let problem: @Sendable (String) -> Void

    package init(
        answered: @escaping @Sendable ([AnsweredRequest]) -> Void,
        problem: @escaping @Sendable (String) -> Void
    ) {
        self.answered = answered
        self.problem = problem
    }

    package static let silent = ServerLog(answered: { _ in }, problem: { _ in })
}

/// One line of the access log.
package struct AnsweredRequest: Sendable {
    package let number: UInt64
    package let method: HTTPMethod?
    package let status: Int
    package let bytes: Int
    package let microseconds: Int
    package let label: String?
    /// Where many are served.
    package var community: String?

    package var id: String { RequestNumber.text(number) }
}
