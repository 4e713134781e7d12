package import Basics
import Crypto
package import Store
package import Web

/// Sessions live in the store, so that they outlast a restart and can be ended from outside.
package struct Sessions: Sendable {
    package struct Settings: Sendable {
        /// Without a request for so long, a session has ended.
        package var idleMinutes: Int64 = 60
        /// However busy, a session ends after so long: a working day.
        package var lifeMinutes: Int64 = 12 * 60
        /// How stale the time of the last request may be in the store.
        package var seenEverySeconds: Int64 = 60

        package init() {}
    }

    private let settings: Settings
    private let database: Database
    private let time: TimeSource
    private let random: RandomSource

    package init(
        settings: Settings = Settings(),
        database: Database,
        time: TimeSource,
        random: RandomSource
    ) {
        self.settings = settings
        self.database = database
        self.time = time
        self.random = random
    }

    /// Begins a session and gives the cookie that carries it. The session that the browser had
    /// before, if any, ends: its token must not outlive a sign-in.
    func begin(
        for person: Person.ID,
        replacing old: String?,
        in change: borrowing Change
    ) throws -> SiteCookie {
        if let old { try end(old, in: change) }
        let token = Base64URL.encode(random.bytes(32))
        try SessionStore.insert(
            hash: hash(token),
            person: person,
            endsAt: change.now.adding(minutes: settings.lifeMinutes),
            in: change
        )
        return SiteCookie(.session, token, maxAgeSeconds: nil)
    }

    func end(_ token: String, in change: borrowing Change) throws {
        try SessionStore.delete(hash: hash(token), in: change)
    }

    /// Who is asking, if the request carries a live session.
    package func identify(
        _ request: Request,
        _ data: borrowing Snapshot
    ) throws -> SignedIn? {
        guard let token = request.cookie(.session), token.utf8.count == 43 else { return nil }
        let hash = hash(token)
        guard let session = try SessionStore.find(hash: hash, in: data) else { return nil }
        let now = time.now()
        guard now < session.endsAt, now < session.seenAt.adding(minutes: settings.idleMinutes)
        else { return nil }
        if session.seenAt.adding(seconds: settings.seenEverySeconds) <= now {
            // Nobody waits for this: if it is lost, the session ends a minute early.
            database.submit({ try SessionStore.touch(hash: hash, in: $0) }, then: { _ in })
        }
        return SignedIn(id: session.person, trace: Trace())
    }

    private func hash(_ token: String) -> [UInt8] {
        SHA256.hash(Array(token.utf8))
    }
}
