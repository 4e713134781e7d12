package import Basics
import Glibc

/// One community's data: one file, many readers, one writer.
package final class Database: Sendable {
    package struct Options: Sendable {
        /// How many read connections stay open between reads.
        package var readers = 2
        package var time = TimeSource.system
        package var ids = IDSource(random: .system)
        /// How many changes may wait before the next is refused.
        package var lineBound = 4096
        /// A read that takes longer is ended, since the log cannot be emptied before.
        package var readLimitMilliseconds = 5000
        /// Called once, with one line for the log, when nothing more may be written: the process
        /// should stop, so that the next start goes on from what the disk really holds.
        package var onSuspect: @Sendable (String) -> Void = { _ in }
        var isDurable = true

        package init() {}
    }

    package let path: String
    let time: TimeSource
    private let readers: Readers
    private let writer: Writer
    private let turn: Turn
    private let readLimitNanoseconds: UInt64
    private let lock: FileLock
    /// Only of a store that lives in memory as far as its users can tell.
    private let folder: TemporaryFolder?

    /// Opens the store, or makes it. Throws `StoreRefusedToOpen`, one clear line, if another
    /// process serves it or it is not a store.
    package convenience init(file path: String, options: Options = Options()) throws {
        try self.init(file: path, options: options, folder: nil)
    }

    /// A store that is gone when nobody holds it any more, for tests. It is a real file in the
    /// temporary folder, so nothing about it is different but that the disk is not waited for.
    package static func inMemory(
        time: TimeSource = .system,
        random: RandomSource = .system
    ) throws -> Database {
        var options = Options()
        options.time = time
        options.ids = IDSource(random: random)
        options.isDurable = false
        let folder = try TemporaryFolder()
        return try Database(file: folder.path + "/store.db", options: options, folder: folder)
    }

    private init(file path: String, options: Options, folder: TemporaryFolder?) throws {
        self.path = path
        self.folder = folder
        time = options.time
        lock = try FileLock(for: path)
        let connection = try Connection.writer(path, durable: options.isDurable)
        readLimitNanoseconds = UInt64(options.readLimitMilliseconds) * 1_000_000
        readers = Readers(kept: options.readers) { try Connection.reader(path) }
        var limits = Writer.Limits()
        limits.line = options.lineBound
        turn = Turn(connection, time: options.time, ids: options.ids)
        writer = Writer(
            connection,
            turn,
            for: ObjectIdentifier(readers),
            limits: limits,
            onSuspect: options.onSuspect
        )
    }

    deinit {
        close()
    }

    /// Runs `body` on one consistent snapshot. A read inside a read joins its snapshot; a read
    /// inside a change sees that change.
    package func read<Value: Sendable>(
        _ body: @Sendable (borrowing Snapshot) throws -> Value
    ) throws -> Value {
        if let held = Held.connection(of: ObjectIdentifier(readers)), held.isReadable {
            return try body(Snapshot(held))
        }
        let connection = try readers.take()
        let value = try Held.hold(connection, for: ObjectIdentifier(readers)) {
            try connection.reading(limit: readLimitNanoseconds) {
                try body(Snapshot(connection))
            }
        }
        readers.give(connection)
        return value
    }

    /// Runs `body` as one change, and returns when it is durable. If it throws, it has left no
    /// trace. Inside a change it is a part of that change, which can fail alone.
    @discardableResult
    package func write<Value: Sendable>(
        _ body: @Sendable (borrowing Change) throws -> Value
    ) throws -> Value {
        if let turn = Held.connection(of: ObjectIdentifier(readers))?.turn, turn.isOpen {
            return try turn.nested(body)
        }
        return try writer.write(body)
    }

    /// Puts a change in line without waiting. `then` is called on the writer's thread when the
    /// change is durable or has failed, or at once on this thread if the line is full.
    package func submit<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing Change) throws -> Value,
        then: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let made = Handed<Value>()
        writer.submit(
            Job(
                work: .change { made.put(try body($0)) },
                answer: { error in
                    if let error {
                        then(.failure(error))
                    } else if let value = made.take() {
                        then(.success(value))
                    }
                }
            )
        )
    }

    /// `body` is called on the writer's thread whenever a change that said `notify` with this name
    /// is durable, and now and then when one was undone. It should be quick.
    package func listen(_ name: String, _ body: @escaping @Sendable () -> Void) {
        turn.listen(name, body)
    }

    /// True after an error that leaves in doubt what the disk holds. Nothing is written any more.
    package var isSuspect: Bool { writer.suspicion != nil }

    /// Finishes the changes that wait, makes a checkpoint and closes the file.
    package func close() {
        readers.close()
        writer.close()
    }

    func alone<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) throws -> Value {
        try writer.alone(body)
    }
}
