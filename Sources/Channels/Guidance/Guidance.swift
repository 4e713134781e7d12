import Basics
import Events
import Identity
import Relationships
import Store

/// Guided performance (GUI-01, GUI-02): someone on the telephone asks a facilitator for help, the
/// facilitator asks for leave to do one task, the person allows it, and it ends by itself.
enum Guidance {
    /// Asks for leave. The facilitator names the person by their exact username or email address,
    /// as told on the telephone, so that nobody can be looked up by guessing at a list.
    static func ask(
        _ permit: FacilitatorHat,
        toHelp giver: Person.ID,
        with task: Grant.Task,
        forMinutes minutes: Int64,
        in change: borrowing Change
    ) throws {
        guard giver != permit.person.id else { throw GuidanceRefusal.ownAccount }
        let id = try Grants.ask(
            permit.person,
            toHelp: giver,
            with: task,
            forMinutes: minutes,
            in: change
        )
        try change.record(GrantAsked(grant: id, giver: giver, holder: permit.person.id))
    }
}

struct GrantAsked: Event {
    static let name = "channels.grant-asked"
    let grant: Grant.ID
    let giver: Person.ID
    let holder: Person.ID
}

/// What the person said to it, or that they stopped it; for who asked to hear.
struct GrantAnswered: Event {
    enum Answer: String, Codable, Sendable {
        case allowed
        case declined
        case stopped
    }

    static let name = "channels.grant-answered"
    let grant: Grant.ID
    let giver: Person.ID
    let holder: Person.ID
    let answer: Answer
}

enum GuidanceRefusal: Refusal {
    case ownAccount

    var kind: RefusalKind { .conflict }
    var phrase: Phrase { Phrase("guidance.refusal.own-account") }
}
