import Basics

extension SignedIn {
    /// Someone of the demonstration community, acting in the history that is made up for them.
    /// Nothing that serves requests may use this; a test sees to it.
    package static func demonstration(_ id: Person.ID) -> SignedIn {
        SignedIn(id: id, trace: Trace())
    }
}
