package import Basics

/// Everything that happens together: it becomes durable as a whole, or leaves no trace. It is
/// stamped once, as `now`, and cannot outlive its block.
@safe
package struct Change: ~Copyable {
    // Not retained, for the reason given at `Snapshot`.
    private let held: Unmanaged<Turn>
    package let now: Instant

    init(_ turn: Turn, now: Instant) {
        unsafe held = .passUnretained(turn)
        self.now = now
    }

    private var turn: Turn { unsafe held.takeUnretainedValue() }

    /// Reads that see what this change has done.
    package var snapshot: Snapshot { Snapshot(turn.connection) }

    package func newID<Entity>(_: Entity.Type = Entity.self) -> Identifier<Entity> {
        turn.ids.next(at: now)
    }

    /// Runs one INSERT, UPDATE or DELETE, and tells how many rows it touched.
    @discardableResult
    package func run(_ sql: SQL) throws -> Int {
        try turn.requireOpen()
        return try turn.connection.with(sql, .writing) { running in
            while try running.step() {}
            return running.changedRows
        }
    }

    /// A part that can fail alone: if it throws, what it did is undone, and this change goes on.
    package func part<Value>(_ body: (borrowing Change) throws -> Value) throws -> Value {
        try turn.nested(body)
    }

    /// Once the batch is durable, calls whoever listens to this name, once for the batch.
    package func notify(_ name: String) {
        turn.notify(name)
    }

    /// What the writer remembers under this name between changes, such as the head of a chain;
    /// loaded from the tables when it is not known.
    ///
    /// What a change remembers is forgotten again if it is rolled back, and everything is
    /// forgotten when a commit fails. So the tables are always what counts.
    package func remembered<Value: Sendable>(
        _ name: String,
        orLoad load: (borrowing Snapshot) throws -> Value
    ) throws -> Value {
        if let value = turn.memory[name] as? Value { return value }
        let value = try load(snapshot)
        turn.remember(name, value)
        return value
    }

    package func remember<Value: Sendable>(_ name: String, _ value: Value) {
        turn.remember(name, value)
    }
}

/// A change stays on the writer's thread.
@available(*, unavailable)
extension Change: Sendable {}
