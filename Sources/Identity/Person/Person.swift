package import Basics

/// One human being, known by one lasting id in every module (IDN-01). What the person is called
/// and how to reach them is sealed; see `Records`.
package struct Person: Sendable {
    package typealias ID = Identifier<Person>

    package let id: ID
    package let isEmailVerified: Bool
    package let language: String
}

/// What a person is called.
package struct PersonName: Hashable, Sendable {
    /// What they want to be called by people who know them (IDN-05).
    package let preferred: String
    package let family: String

    package init(preferred: String, family: String) {
        self.preferred = preferred
        self.family = family
    }

    package var full: String { family.isEmpty ? preferred : "\(preferred) \(family)" }
}
