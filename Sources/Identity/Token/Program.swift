import Basics
package import Web

/// A program that asks, proven by its token, and the person who answers for it. Only `Tokens`
/// makes one. It is no `SignedIn`: a token opens no page.
package struct Program: Sendable {
    package let person: Person.ID
    package let scope: TokenScope
    let trace: Trace

    /// Leaves a line in the audit, before the answer leaves, that this was read.
    package func note(_ kind: RecordKind, reference: Int64? = nil, because reason: Reason) {
        trace.add(
            AuditEntry(
                actor: person,
                onBehalfOf: nil,
                grant: nil,
                subject: nil,
                action: .viewed,
                kind: kind,
                reference: reference,
                reason: reason
            )
        )
    }

    /// The program behind a request, if its token is good for this.
    package static func allowed(_ scope: TokenScope, _ request: Request) throws -> Program {
        guard let program = request.identified as? Program else {
            throw Problem.unauthorized(request)
        }
        guard program.scope.includes(scope) else { throw Problem.outOfScope(scope.rawValue) }
        return program
    }
}
