/// Who a route is for. It decides what the handler is given: one that wants a signed-in person
/// cannot be put on an open route.
package struct Access<Given: Sendable>: Sendable {
    /// As the access table and `Routes.all` spell it.
    package let name: String
    /// False only where the request proves its origin in another way, as by a bearer token.
    package let needsFormToken: Bool
    let admit: @Sendable (Request) throws -> Given

    package init(
        _ name: String,
        needsFormToken: Bool = true,
        admit: @escaping @Sendable (Request) throws -> Given
    ) {
        self.name = name
        self.needsFormToken = needsFormToken
        self.admit = admit
    }
}

/// Given to handlers of open routes: nothing is known about who asks.
package struct Anyone: Sendable {}

extension Access where Given == Anyone {
    package static var anyone: Access { Access("anyone") { _ in Anyone() } }
}
