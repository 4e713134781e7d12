package import Basics
package import Identity
package import Store
package import Web

/// A signed-in person who wears the facilitator's hat. Only `HatAccess` makes one.
package struct FacilitatorHat: Sendable {
    package let person: SignedIn

    fileprivate init(_ person: SignedIn) {
        self.person = person
    }
}

/// A signed-in person who wears the administrator's hat. Only `HatAccess` makes one.
package struct AdminHat: Sendable {
    package let person: SignedIn

    fileprivate init(_ person: SignedIn) {
        self.person = person
    }
}

/// Routes for those who wear a hat, read in the same snapshot as everything else.
package struct HatAccess: Sendable {
    private let database: Database

    package init(database: Database) {
        self.database = database
    }

    package var facilitator: Access<FacilitatorHat> {
        Access("facilitator") { FacilitatorHat(try wearer(of: .facilitator, $0)) }
    }

    package var admin: Access<AdminHat> {
        Access("admin") { AdminHat(try wearer(of: .admin, $0)) }
    }

    private func wearer(of hat: Hat, _ request: Request) throws -> SignedIn {
        guard let person = request.identified as? SignedIn else { throw SignInNeeded() }
        let isWorn = try database.read { try Hats.of(person.id, in: $0).contains(hat) }
        guard isWorn else { throw HatMissing() }
        return person
    }
}

package struct HatMissing: Refusal {
    package var kind: RefusalKind { .notAllowed }
    package var phrase: Phrase { Phrase("hat.missing") }
}
