package import Store

/// Hears of every event of one kind. Its name is part of the schema: under it the store keeps how
/// far it has come. It may hear of an event twice, so its body must not mind.
package struct Subscriber: Sendable {
    /// What someone who subscribes for the first time hears of.
    package enum Start: Sendable {
        /// Everything the store still has.
        case beginning
        /// What happens from now on.
        case now
    }

    let name: String
    let event: String
    let start: Start
    let deliver: @Sendable (_ payload: String, borrowing Change) throws -> Void

    /// Of one kind of event a subscriber hears in the order in which they happened.
    package init<Fact: Event>(
        _ name: String,
        to _: Fact.Type,
        from start: Start = .beginning,
        _ body: @escaping @Sendable (Fact, borrowing Change) throws -> Void
    ) {
        self.name = name
        self.start = start
        event = Fact.name
        deliver = { payload, change in try body(try Payload.read(payload), change) }
    }
}
