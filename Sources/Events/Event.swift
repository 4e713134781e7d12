package import Store

/// A fact, in the past tense: `BookingEnded`. Its name is part of the schema and never changes;
/// what it holds are ids, never anything personal.
package protocol Event: Codable, Sendable {
    static var name: String { get }
}

extension Change {
    /// Records the fact in this change. Subscribers hear of it once the change is durable.
    package func record<Fact: Event>(_ event: Fact) throws {
        try run(
            """
            INSERT INTO events_event (number, name, payload, recorded_at)
            VALUES (
                (SELECT coalesce(max(number), 0) + 1 FROM events_event),
                \(Fact.name), \(try Payload.text(of: event)), \(now)
            )
            """
        )
        notify(Events.bell)
    }
}
