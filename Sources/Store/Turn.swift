import Basics
import Synchronization

/// The writer's side of the changes: the transaction they share, their savepoints, and what they
/// keep in memory.
///
/// `@unchecked Sendable`: guarded like the writer's connection, by the turn in `Writer`'s line.
final class Turn: @unchecked Sendable {
    unowned let connection: Connection
    let ids: IDSource
    let time: TimeSource

    /// True while changes may be made, false while answers are given.
    private(set) var isOpen = false
    /// A change could not be undone alone: nothing of the transaction may be kept.
    private var isBroken = false
    private var now = Instant(milliseconds: 0)

    private let listeners = Mutex<[String: @Sendable () -> Void]>([:])
    private var notified: Set<String> = []
    private(set) var memory: [String: any Sendable] = [:]
    private var forgotten: [(name: String, value: (any Sendable)?)] = []

    init(_ connection: Connection, time: TimeSource, ids: IDSource) {
        self.connection = connection
        self.time = time
        self.ids = ids
    }

    func begin() throws {
        try connection.control("BEGIN IMMEDIATE")
        isOpen = true
        isBroken = false
    }

    /// Makes everything since `begin` durable, and gives back whom to call afterwards.
    func commit() throws -> [@Sendable () -> Void] {
        try requireOpen()
        try connection.control("COMMIT")
        isOpen = false
        forgotten.removeAll()
        return notified.isEmpty ? [] : heard()
    }

    /// After a failure nobody knows what SQLite kept, so nothing in memory is trusted.
    func abandon() {
        isOpen = false
        notified.removeAll()
        forgotten.removeAll()
        memory.removeAll()
        guard connection.inTransaction else { return }
        do {
            try connection.control("ROLLBACK")
        } catch {
            connection.distrust("a transaction could not be undone: \(error)")
        }
    }

    /// SQLite ends the whole transaction by itself after some errors. Whatever ran next would be
    /// a transaction of its own. After others, as when a change meets a damaged page, it does not;
    /// but what rests on a file in doubt is not kept.
    var isWhole: Bool {
        isOpen && !isBroken && connection.inTransaction && connection.suspicion == nil
    }

    func requireOpen() throws {
        guard connection.suspicion == nil else { throw StoreUnavailable.suspect }
        guard isWhole else { throw StoreUnavailable.ioFailure }
    }

    /// A change of its own, with its own time.
    func change(_ body: (borrowing Change) throws -> Void) throws {
        now = time.now()
        try inSavepoint(body)
    }

    /// A change inside the one that is open, which it can undo without undoing the other.
    func nested<Value>(_ body: (borrowing Change) throws -> Value) throws -> Value {
        var value: Value?
        try inSavepoint { value = try body($0) }
        guard let value else { preconditionFailure("the body returned or threw") }
        return value
    }

    private func inSavepoint(_ body: (borrowing Change) throws -> Void) throws {
        try requireOpen()
        let undo = forgotten.count
        try connection.control("SAVEPOINT change")
        do {
            try body(Change(self, now: now))
            try requireOpen()
            try connection.requireForeignKeys()
            try connection.control("RELEASE change")
        } catch {
            while forgotten.count > undo, let last = forgotten.popLast() {
                memory[last.name] = last.value
            }
            try undoInnermost()
            throw error
        }
    }

    /// What the innermost change did.
    private func undoInnermost() throws {
        guard connection.inTransaction else { return }
        do {
            try connection.control("ROLLBACK TO change")
            try connection.control("RELEASE change")
        } catch {
            isBroken = true
            throw error
        }
    }

    func listen(_ name: String, _ body: @escaping @Sendable () -> Void) {
        listeners.withLock { $0[name] = body }
    }

    /// However often a batch says it, it is heard once.
    func notify(_ name: String) {
        notified.insert(name)
    }

    private func heard() -> [@Sendable () -> Void] {
        defer { notified.removeAll() }
        return listeners.withLock { listeners in notified.compactMap { listeners[$0] } }
    }

    func remember(_ name: String, _ value: any Sendable) {
        forgotten.append((name, memory[name]))
        memory[name] = value
    }
}
