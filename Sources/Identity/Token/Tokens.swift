package import Basics
import Crypto
import HTTPServer
package import Store
import Web

/// Tokens for programs. Each is a person's, who answers for what is done with it, is good for a
/// named scope and a year, and can be stopped at once.
package struct Tokens: Sendable {
    static let lifeDays: Int64 = 365
    /// What stands before the random part, so that a token in the wrong place is seen for what
    /// it is, by people and by scanners of sources.
    static let prefix = "kith_"

    private let time: TimeSource
    private let random: RandomSource

    package init(time: TimeSource, random: RandomSource) {
        self.time = time
        self.random = random
    }

    /// Makes a token and gives its text, which is not kept and cannot be read again.
    package func make(
        for person: Person.ID,
        scope: TokenScope,
        in change: borrowing Change
    ) throws -> String {
        let text = Self.prefix + Base64URL.encode(random.bytes(32))
        let token = Token(
            id: change.newID(Token.self),
            person: person,
            scope: scope,
            madeAt: change.now,
            endsAt: change.now.adding(minutes: Self.lifeDays * 24 * 60),
            stoppedAt: nil
        )
        try TokenStore.insert(token, hash: hash(text), in: change)
        try record(.tokenMade, token, in: change)
        return text
    }

    /// From now on it opens nothing. Stopping it again changes nothing.
    package func stop(_ id: Token.ID, in change: borrowing Change) throws {
        guard let token = try TokenStore.find(id, in: change.snapshot) else {
            throw TokenRefusal.unknownToken
        }
        guard token.stoppedAt == nil else { return }
        try TokenStore.stop(id, in: change)
        try record(.tokenStopped, token, in: change)
    }

    package func all(of person: Person.ID, in data: borrowing Snapshot) throws -> [Token] {
        try TokenStore.all(of: person, in: data)
    }

    /// The program that asks, if it shows a token that is good.
    func identify(_ request: Request, _ data: borrowing Snapshot) throws -> Program? {
        guard let text = Self.shown(request), text.hasPrefix(Self.prefix),
            let token = try TokenStore.find(hash: hash(text), in: data),
            token.stoppedAt == nil, time.now() < token.endsAt
        else { return nil }
        return Program(person: token.person, scope: token.scope, trace: Trace())
    }

    /// What stands behind "Bearer"; nil where no such header is.
    static func shown(_ request: Request) -> String? {
        guard let header = request.http.headers["authorization"] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    /// Whoever runs commands on the data has the whole of it, so it is the platform that acts.
    private func record(
        _ action: AuditAction,
        _ token: Token,
        in change: borrowing Change
    ) throws {
        try Audit.record(
            action,
            .account,
            reference: token.id.rawValue,
            about: token.person,
            actor: nil,
            because: .platform,
            in: change
        )
    }

    private func hash(_ text: String) -> [UInt8] {
        SHA256.hash(Array(text.utf8))
    }
}
