/// An expected no: something a person asked for that the rules do not allow. Anything else that
/// is thrown is a fault, shown as one and logged.
package protocol Refusal: Error, Sendable {
    var kind: RefusalKind { get }
    /// What happened and what to do next, in words for the person.
    var phrase: Phrase { get }
}

package enum RefusalKind: Hashable, Sendable {
    case signInNeeded
    case notAllowed
    /// Not there, or not there for this person: the two look the same from outside.
    case notFound
    case conflict
    case invalid
    case tooMany(retryAfterSeconds: Int)
    /// The store cannot take it at the moment: nothing was written, try again.
    case unavailable
}

/// What a person may not see is, for them, not there.
package struct NotThere: Refusal {
    package init() {}

    package var kind: RefusalKind { .notFound }
    package var phrase: Phrase { Phrase("web.refusal.not-there") }
}
