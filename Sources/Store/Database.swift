package import Basics
import FoundationEssentials
import Synchronization

/// One community's data: one file, many readers, one writer.
package final class Database: Sendable {
    package struct Options: Sendable {
        /// How many read connections stay open between reads: one for each loop there may be,
        /// since one that is opened anew reads the schema anew.
        package var readers = 8
        /// How much of the file each connection keeps in memory.
        package var cacheKilobytes = 8000
        package var time = TimeSource.system
        package var ids = IDSource(random: .system)
        package var limits = WriterLimits()
        /// A second place that is kept up to date; see `Shipping`.
        package var shipping: Shipping?
        /// A read that takes longer is ended, since the log cannot be emptied before.
        package var readLimitMilliseconds = 5000
        /// How long opening waits for whoever only looks at the store, as `kith verify` does, or is
        /// letting go of it.
        package var lookersWaitSeconds = 0
        /// Called once, with one line for the log, when nothing more may be written: the process
        /// should stop, so that the next start goes on from what the disk really holds.
        package var onSuspect: @Sendable (String) -> Void = { _ in }
        /// Called with a line for the log when changes begin to fail for the disk, now and then
        /// while they do, and when they are written again; once when a read finds damage; and when
        /// opening waits.
        package var onTrouble: @Sendable (String) -> Void = { _ in }
        var isDurable = true
        /// Opens a store also if its log is damaged, and so gives up what is lost in it.
        var takesDamagedLog = false
        /// SQLite's name for a way to the disk; tests have one that fails on purpose.
        var fileSystem: String?

        package init() {}
    }

    struct Serving: Sendable {
        let writer: Writer
        let turn: Turn
    }

    package let path: String
    let time: TimeSource
    private let readers: Readers
    /// Nil when the store was opened to be read only.
    let serving: Serving?
    let shipper: LogShipper?
    private let readLimitNanoseconds: UInt64
    private let damage: Damage
    /// Whatever must last as long as this is open: a temporary folder, a lock.
    private let kept: Mutex<(any Sendable)?>
    /// What was found wrong with the log of a store that was left by a dead process.
    let logDamage: LogDamage?

    /// Opens the store, or makes it. Throws `StoreRefusedToOpen`, one clear line, if another
    /// process serves it or it is not a store.
    package convenience init(file path: String, options: Options = Options()) throws {
        try self.init(file: path, options: options, folder: nil)
    }

    /// A store that is gone when nobody holds it any more, for tests. It is a real file in the
    /// temporary folder, so nothing about it is different but that the disk is not waited for. It
    /// begins empty, or as a copy of a store at rest.
    package static func inMemory(
        time: TimeSource = .system,
        random: RandomSource = .system,
        copyOf pattern: String? = nil
    ) throws -> Database {
        var options = Options()
        options.time = time
        options.ids = IDSource(random: random)
        options.isDurable = false
        let folder = try TemporaryFolder()
        let path = folder.path + "/store.db"
        if let pattern { try FileManager.default.copyItem(atPath: pattern, toPath: path) }
        return try Database(file: path, options: options, folder: folder)
    }

    private init(file path: String, options: Options, folder: TemporaryFolder?) throws {
        self.path = path
        kept = Mutex(folder)
        logDamage = nil
        time = options.time
        readLimitNanoseconds = UInt64(options.readLimitMilliseconds) * 1_000_000
        let fileSystem = options.fileSystem
        let damage = Damage(tell: options.onTrouble)
        self.damage = damage
        let lock = try FileLock(
            serving: path,
            waitingSeconds: options.lookersWaitSeconds,
            options.onTrouble
        )
        if !options.takesDamagedLog, let damage = try WriteAheadLog.damage(of: path) {
            // The first commit would write over what is left of them.
            throw StoreRefusedToOpen(
                description: "\(path) is not opened, since \(damage). \(damage.remedy)"
            )
        }
        // Either nothing that counts is behind it, or this is a copy.
        try WriteAheadLog.mendHeader(of: path)
        removeFile(Self.baseCopy(of: path))
        try createPrivately(path)
        let opened = FileIdentity(of: path)
        let connection = try Connection.writer(
            path,
            durable: options.isDurable,
            fileSystem: fileSystem
        )
        let cache = options.cacheKilobytes
        try connection.limitCache(kilobytes: cache)
        readers = Readers(kept: options.readers) {
            do {
                let reader = try Connection.reader(
                    path,
                    fileSystem: fileSystem,
                    damage: damage
                )
                try reader.limitCache(kilobytes: cache)
                return reader
            } catch is StoreRefusedToOpen {
                // The writer has it open, so it is a store: the disk did not let us see that.
                throw StoreUnavailable.ioFailure
            }
        }
        shipper = options.shipping.map { LogShipper($0, store: path) }
        if shipper != nil {
            try connection.beginShipping()
        } else {
            try ShippingNote.clear(on: path)
        }
        let turn = Turn(connection, time: options.time, ids: options.ids)
        let writer = Writer(
            connection,
            turn,
            for: readers,
            limits: options.limits,
            place: StorePlace(of: path, store: opened),
            lock: lock,
            shipper: shipper,
            onSuspect: options.onSuspect,
            onTrouble: options.onTrouble
        )
        serving = Serving(writer: writer, turn: turn)
        shipper?.bases.make { [weak self] in try self?.makeBase() }
        shipper?.committed(frames: connection.pagesInLog, at: time.now())
    }

    /// A store nobody writes to any more; see `Database.open(forReading:)`.
    init(
        resting path: String,
        time: TimeSource,
        kept: (any Sendable)?,
        logDamage: LogDamage? = nil
    ) {
        self.logDamage = logDamage
        self.path = path
        self.time = time
        self.kept = Mutex(kept)
        serving = nil
        shipper = nil
        readLimitNanoseconds = .max / 2
        damage = Damage { _ in }
        readers = Readers(kept: 2) { try Connection.resting(path) }
    }

    /// From now on so many changes may wait before the next is refused.
    package func allow(waiting: Int) {
        serving?.writer.allow(waiting: waiting)
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
        return try reading(limit: readLimitNanoseconds) { try body(Snapshot($0)) }
    }

    /// Runs `body` as one change, and returns when it is durable. If it throws, it has left no
    /// trace. Inside a change it is a part of that change, which can fail alone.
    @discardableResult
    package func write<Value: Sendable>(
        _ body: @Sendable (borrowing Change) throws -> Value
    ) throws -> Value {
        guard let serving else { throw StoreUnavailable.readOnly }
        if let turn = Held.connection(of: ObjectIdentifier(readers))?.turn, turn.isOpen {
            return try turn.nested(body)
        }
        return try serving.writer.write(body)
    }

    /// Puts a change in line without waiting. `then` is called on the writer's thread when the
    /// change is durable or has failed, or at once on this thread if it cannot join the line.
    package func submit<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing Change) throws -> Value,
        then: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        guard let serving else { return then(.failure(StoreUnavailable.readOnly)) }
        let made = Handed<Value>()
        let job = Job(
            work: .change { made.put(try body($0)) },
            answer: { error in
                if let error {
                    then(.failure(error))
                } else if let value = made.take() {
                    then(.success(value))
                }
            }
        )
        if let round = Round.current {
            round.add(job, for: serving.writer)
        } else {
            serving.writer.submit([job])
        }
    }

    /// `body` is called on the writer's thread whenever a change that said `notify` with this name
    /// is durable, and now and then when one was undone. It should be quick, as waking somebody is.
    /// Whoever listens next takes its place.
    package func listen(_ name: String, _ body: @escaping @Sendable () -> Void) {
        serving?.turn.listen(name, body)
    }

    /// True when a read has found the file damaged. What can be read is still read: who runs the
    /// program decides when to restore a backup.
    package var isDamaged: Bool { damage.isKnown }

    /// True after an error that leaves in doubt what the disk holds. Nothing is written any more.
    package var isSuspect: Bool { serving?.writer.suspicion != nil }

    /// Looks whether the files at the path are still those that are open here. If they are not, as
    /// when a folder was moved or a backup put in its place, the store is in doubt. Each commit
    /// looks before it is acknowledged; this is for when there is none.
    package var isInPlace: Bool { serving?.writer.isInPlace ?? true }

    /// What the store has done since it was opened, for the people who watch over it.
    package var statistics: StoreStatistics { serving?.writer.statistics ?? StoreStatistics() }

    /// Finishes the changes that wait, makes a checkpoint and closes the file.
    package func close() {
        readers.close()
        serving?.writer.close()
        // A store of a test may still be copied from its folder.
        if serving == nil { kept.withLock { $0 = nil } }
    }

    // MARK: - For the rest of the store

    /// The statements asked lately, for the test that looks at how their answers are found.
    var texts: [String] {
        get throws { try readers.texts + alone { $0.texts } }
    }

    /// Runs on the writer's connection, between two batches.
    func alone<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) throws -> Value {
        guard let serving else { throw StoreUnavailable.readOnly }
        return try serving.writer.alone(body)
    }

    /// Runs on a read connection, in a transaction of its own or that of its thread's round.
    func reading<Value>(
        limit nanoseconds: UInt64 = .max / 2,
        _ body: (Connection) throws -> Value
    ) throws -> Value {
        let round = Round.current
        let reading = try round?.reading(of: readers) ?? readers.begin()
        let connection = reading.connection
        // Only while it is ours: whoever has it next may find something too.
        func noteDamage() {
            if let what = connection.suspicion { damage.note(what) }
        }
        do {
            let value = try Held.hold(connection, for: ObjectIdentifier(readers)) {
                try connection.asking(limit: nanoseconds) { try body(connection) }
            }
            noteDamage()
            try round?.keep(reading) ?? reading.end()
            return value
        } catch {
            noteDamage()
            reading.giveUp()
            throw error
        }
    }
}
