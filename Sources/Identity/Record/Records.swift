package import Basics
package import Store
package import Vault

/// The door to everything personal. Modules above read and write sealed columns through it, and
/// cannot reach the vault in any other way.
package struct Records: Sendable {
    /// How one person stands to another, read from the graph in the same snapshot as the data;
    /// strongest reason first.
    package typealias Standing =
        @Sendable (
            _ actor: Person.ID, _ subject: Person.ID, borrowing Snapshot
        ) throws -> [Reason]

    private let vault: Vault
    private let standing: Standing

    package init(vault: Vault, standing: @escaping Standing) {
        self.vault = vault
        self.standing = standing
    }

    /// The right to read, or nothing is there. Who acts under a grant stands in the place of its
    /// giver, but sees only what the grant's task needs.
    package func disclose(
        _ kind: RecordKind,
        of subject: Person.ID,
        reference: Int64? = nil,
        to acting: Acting,
        in data: borrowing Snapshot
    ) throws -> Disclosure {
        try DisclosurePolicy.disclose(
            kind,
            of: subject,
            reference: reference,
            to: acting,
            because: try reasons(acting, subject, data)
        )
    }

    package func open(
        _ sealed: Sealed,
        at place: SealPlace,
        under disclosure: Disclosure,
        in data: borrowing Snapshot
    ) throws -> String {
        try vault.open(sealed, for: disclosure.subject.rawValue, at: place, in: data)
    }

    package func seal(
        _ text: String,
        of subject: Person.ID,
        at place: SealPlace,
        in change: borrowing Change
    ) throws -> Sealed {
        try vault.seal(text, for: subject.rawValue, at: place, in: change)
    }

    func blindIndex(_ text: String, column: String) -> [UInt8] {
        vault.blindIndex(text, column: column)
    }

    /// What a person is called, for someone who may know.
    package func name(
        of subject: Person.ID,
        to acting: Acting,
        in data: borrowing Snapshot
    ) throws -> PersonName {
        try name(under: disclose(.name, of: subject, to: acting, in: data), in: data)
    }

    /// The same, or nil for someone who may no longer know.
    package func nameIfKnown(
        of subject: Person.ID,
        to acting: Acting,
        in data: borrowing Snapshot
    ) throws -> PersonName? {
        do {
            return try name(of: subject, to: acting, in: data)
        } catch is NotThere {
            return nil
        }
    }

    /// Who it was that stands in a line of the person's own audit, or in any line for someone who
    /// administers.
    package func name(
        ofActorIn row: AuditRow,
        to acting: Acting,
        in data: borrowing Snapshot
    ) throws -> PersonName? {
        guard let actor = row.actor else { return nil }
        guard row.subject == acting.principal else {
            return try nameIfKnown(of: actor, to: acting, in: data)
        }
        let disclosure = DisclosurePolicy.nameOfActor(actor, shownTo: acting)
        return try name(under: disclosure, in: data)
    }

    /// Who holds a grant, for the person who gives it.
    package func name(
        ofHolder grant: Grant,
        to person: SignedIn,
        in data: borrowing Snapshot
    ) throws -> PersonName {
        guard grant.giver == person.id else { throw NotThere() }
        let disclosure = DisclosurePolicy.nameOfActor(grant.holder, shownTo: person.acting)
        return try name(under: disclosure, in: data)
    }

    private func name(
        under disclosure: Disclosure,
        in data: borrowing Snapshot
    ) throws -> PersonName {
        let subject = disclosure.subject
        return try data.once(Question(NameOf.self, subject.rawValue)) {
            guard let sealed = try PersonStore.names(of: subject, in: data) else {
                throw NotThere()
            }
            return PersonName(
                preferred: try open(
                    sealed.preferred,
                    at: .person(subject, "preferred_name"),
                    under: disclosure,
                    in: data
                ),
                family: try open(
                    sealed.family,
                    at: .person(subject, "family_name"),
                    under: disclosure,
                    in: data
                )
            )
        }
    }

    /// The person of exactly this username or email address.
    package func find(named name: String, in data: borrowing Snapshot) throws -> Person.ID? {
        let column = name.contains("@") ? "email" : "username"
        return try PersonStore.credential(
            index: blindIndex(name, column: column),
            in: data
        )?.person
    }

    /// Where the platform's own messages go. For the sender alone: nobody is shown it.
    package func mailAddress(
        of subject: Person.ID,
        in data: borrowing Snapshot
    ) throws -> (address: String, language: String)? {
        guard let sealed = try PersonStore.email(of: subject, in: data),
            let person = try PersonStore.find(subject, in: data)
        else { return nil }
        let address = try vault.open(
            sealed,
            for: subject.rawValue,
            at: .person(subject, "email"),
            in: data
        )
        return (address, person.language)
    }

    /// Why someone may or may not see something, in one sentence.
    package func why(
        _ kind: RecordKind,
        of subject: Person.ID,
        for acting: Acting,
        in data: borrowing Snapshot
    ) throws -> Phrase {
        let reasons = try reasons(acting, subject, data)
        guard let reason = reasons.first(where: { DisclosurePolicy.opens($0, kind) }) else {
            return Phrase("identity.why.none")
        }
        return Phrase("identity.why.\(reason.rawValue)")
    }

    private enum NameOf {}
    private enum ReasonsOf {}

    private func reasons(
        _ acting: Acting,
        _ subject: Person.ID,
        _ data: borrowing Snapshot
    ) throws -> [Reason] {
        let question = Question(
            ReasonsOf.self,
            acting.actor.rawValue,
            acting.onBehalfOf?.rawValue ?? .min,
            subject.rawValue
        )
        return try data.once(question) { try readReasons(acting, subject, data) }
    }

    private func readReasons(
        _ acting: Acting,
        _ subject: Person.ID,
        _ data: borrowing Snapshot
    ) throws -> [Reason] {
        if acting.onBehalfOf != nil {
            // The grant was checked when the `Acting` was made; it reaches the giver's own record
            // and the people that the giver's bookings name.
            let own = acting.principal == subject
            let known = own ? [] : try standing(acting.principal, subject, data)
            return own || !known.isEmpty ? [.grant] : []
        }
        if acting.actor == subject { return [.own] }
        var reasons = try standing(acting.actor, subject, data)
        if try GrantStore.wasAsked(acting.actor, by: subject, in: data) {
            reasons.append(.wasAsked)
        }
        // Who helps people learns the name of those who let them, and of nobody by asking.
        guard reasons.contains(.facilitates),
            try !GrantStore.wasAllowed(by: subject, to: acting.actor, in: data)
        else { return reasons }
        return reasons.filter { $0 != .facilitates }
    }
}

extension SealPlace {
    static func person(_ id: Person.ID, _ column: String) -> SealPlace {
        SealPlace(table: "identity_person", column: column, row: id.rawValue)
    }
}
