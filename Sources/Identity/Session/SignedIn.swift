package import Basics
import Synchronization
package import Web

/// The person who asks, proven by a live session. Only `Sessions` makes one.
package struct SignedIn: Sendable {
    package let id: Person.ID
    let trace: Trace

    init(id: Person.ID, trace: Trace) {
        self.id = id
        self.trace = trace
    }

    /// Acting in one's own name.
    package var acting: Acting {
        Acting(actor: id, onBehalfOf: nil, grant: nil, trace: trace)
    }
}

/// Who acts, and for whom. Both identities stand in every trace.
package struct Acting: Sendable {
    package let actor: Person.ID
    package let onBehalfOf: Person.ID?
    package let grant: Grant.ID?
    let trace: Trace

    init(actor: Person.ID, onBehalfOf: Person.ID?, grant: Grant.ID?, trace: Trace) {
        self.actor = actor
        self.onBehalfOf = onBehalfOf
        self.grant = grant
        self.trace = trace
    }

    /// The person in whose name things happen.
    package var principal: Person.ID { onBehalfOf ?? actor }
}

/// What was shown while one request is answered, to be written to the audit before it is.
final class Trace: Sendable {
    private let entries = Mutex<[AuditEntry]>([])

    func add(_ entry: AuditEntry) {
        entries.withLock { held in
            if !held.contains(entry) { held.append(entry) }
        }
    }

    func take() -> [AuditEntry] {
        entries.withLock { held in
            defer { held = [] }
            return held
        }
    }
}

extension Access where Given == SignedIn {
    package static var signedIn: Access {
        Access("signedIn") { request in
            guard let person = request.identified as? SignedIn else { throw SignInNeeded() }
            return person
        }
    }
}

package struct SignInNeeded: Refusal {
    package init() {}

    package var kind: RefusalKind { .signInNeeded }
    package var phrase: Phrase { Phrase("identity.sign-in.needed") }
}
