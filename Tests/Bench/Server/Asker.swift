import Basics
import HTTPServer
import Identity
import Store
import Synchronization
import Web

/// Whoever a session of the bench's database belongs to, and what they have been shown.
final class Asker: Sendable {
    let person: Int64
    private let isShown = Atomic<Bool>(false)

    private init(person: Int64) {
        self.person = person
    }

    func noteShown() {
        isShown.store(true, ordering: .relaxed)
    }

    static func identify(
        _ request: Request,
        _ data: borrowing Snapshot
    ) throws -> (any Sendable)? {
        guard let token = request.cookie(CookieName("sid")) else { return nil }
        let session = try data.first(
            "SELECT user, expires FROM session WHERE token = \(token)"
        ) { row -> (user: Int64, expires: Int64) in
            (try row[0], try row[1])
        }
        guard let session, session.expires > request.http.receivedAt.milliseconds / 1000 else {
            return nil
        }
        return Asker(person: session.user)
    }

    /// The product's own line of the audit, with its leaf in the proof log.
    static func trace(_ request: Request) -> Site.TraceBody? {
        guard let asker = request.identified as? Asker,
            asker.isShown.load(ordering: .relaxed)
        else { return nil }
        let person = Person.ID(rawValue: asker.person)
        return { change in
            try Audit.record(
                .viewed,
                .visits,
                about: person,
                actor: person,
                because: .own,
                in: change
            )
        }
    }

    static let access = Access<Asker>("signedIn") { request in
        guard let asker = request.identified as? Asker else { throw SignInNeeded() }
        return asker
    }
}
