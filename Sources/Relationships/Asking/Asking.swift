import Basics
import Identity
import Store
import Web

/// Asking for a relationship by a username that the other has told. Whether anybody has that name
/// shows nowhere before an answer: an asking for nobody looks just the same, and waits.
struct Asking: Sendable {
    typealias ID = Identifier<Asking>

    /// What the one who asks would be to the other.
    enum Role: String, Sendable, CaseIterable {
        case getsSupport = "gets-support"
        case givesSupport = "gives-support"
        case isArrangedFor = "is-arranged-for"
        case arranges = "arranges"

        init(_ kind: Relationship.Kind, supports: Bool) {
            self =
                switch (kind, supports) {
                case (.carer, false): .getsSupport
                case (.carer, true): .givesSupport
                case (.assistant, false): .isArrangedFor
                case (.assistant, true): .arranges
                }
        }

        var kind: Relationship.Kind {
            self == .getsSupport || self == .givesSupport ? .carer : .assistant
        }

        var supports: Bool { self == .givesSupport || self == .arranges }
    }

    /// What is asked, checked.
    struct Plan: Sendable {
        let name: String
        let role: Role
        let rate: Money?
    }

    static let mostADay = 10
    static let daysBetween: Int64 = 7

    let id: ID
    let name: Sealed
    let role: Role
    let relationship: Relationship.ID?
    let askedAt: Instant
    /// Not taken back, and not answered.
    let isWaiting: Bool

    static func ask(
        _ plan: Plan,
        by person: SignedIn,
        _ records: Records,
        in change: borrowing Change
    ) throws {
        try check(plan, by: person, records, in: change)
        let asked = try records.find(named: plan.name, in: change.snapshot)
        guard asked != person.id else { throw FormErrors("name", Phrase("asking.form.yourself")) }
        let id = change.newID(Asking.self)
        let relationship = try asked.map { other in
            try Joining.ask(
                plan.role.kind,
                supporter: plan.role.supports ? person.id : other,
                supported: plan.role.supports ? other : person.id,
                rate: plan.rate,
                by: person,
                in: change
            )
        }
        // The log grows alike, so that not even its size tells.
        if relationship == nil { try recordForNobody(.asked, id, person, in: change) }
        try AskingStore.insert(
            id,
            by: person.id,
            try records.seal(plan.name, of: person.id, at: .asking(id), in: change),
            plan.role,
            relationship,
            in: change
        )
    }

    /// The same is not asked twice in a week, nor as long as it waits, and not of many in a day.
    private static func check(
        _ plan: Plan,
        by person: SignedIn,
        _ records: Records,
        in change: borrowing Change
    ) throws {
        let since = change.now.adding(minutes: -daysBetween * 24 * 60)
        let yesterday = change.now.adding(minutes: -24 * 60)
        let earlier = try AskingStore.all(by: person.id, in: change.snapshot).filter {
            $0.isWaiting || $0.askedAt > since
        }
        guard earlier.count(where: { $0.askedAt > yesterday }) < mostADay else {
            throw AskingRefusal.tooMany
        }
        for asking in earlier where asking.role == plan.role {
            let name = try asking.name(to: person, records, in: change.snapshot)
            guard name.lowercased() != plan.name.lowercased() else {
                throw FormErrors("name", Phrase("asking.form.already"))
            }
        }
    }

    static func withdraw(
        _ id: ID,
        by person: SignedIn,
        in change: borrowing Change
    ) throws -> Role {
        let found = try AskingStore.all(by: person.id, in: change.snapshot).first { $0.id == id }
        guard let asking = found else { throw NotThere() }
        guard asking.isWaiting else { throw RelationshipRefusal.alreadyDecided }
        try AskingStore.withdraw(id, in: change)
        guard let relationship = asking.relationship else {
            try recordForNobody(.ended, id, person, in: change)
            return asking.role
        }
        let permit = try RelationshipPolicy.mayEnd(
            try RelationshipStore.find(relationship, for: person.acting, in: change.snapshot),
            person
        )
        try Ending.end(permit, by: person, in: change)
        return asking.role
    }

    func name(
        to person: SignedIn,
        _ records: Records,
        in data: borrowing Snapshot
    ) throws -> String {
        let disclosure = try records.disclose(.team, of: person.id, to: person.acting, in: data)
        return try records.open(name, at: .asking(id), under: disclosure, in: data)
    }

    private static func recordForNobody(
        _ action: AuditAction,
        _ id: ID,
        _ person: SignedIn,
        in change: borrowing Change
    ) throws {
        try Audit.record(
            action,
            .team,
            reference: id.rawValue,
            about: nil,
            actor: person.id,
            because: .asks,
            in: change
        )
    }
}

enum AskingRefusal: Refusal {
    case tooMany

    var kind: RefusalKind { .tooMany(retryAfterSeconds: 24 * 3600) }
    var phrase: Phrase { Phrase("asking.too-many") }
}

extension SealPlace {
    static func asking(_ id: Asking.ID) -> SealPlace {
        SealPlace(table: "relationships_asking", column: "name", row: id.rawValue)
    }
}
