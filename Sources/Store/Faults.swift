package import Basics
import CSQLite
import Glibc

/// The store cannot take it at the moment. Nothing of the change is in it, nor will be; but after
/// `suspect` the next start may find the change whole, if the disk had kept it after all.
package enum StoreUnavailable: Refusal, Hashable {
    /// More changes are waiting than the line holds.
    case overloaded
    case diskFull
    case readOnly
    case ioFailure
    /// The disk broke a promise, or the file is damaged: only a restart may go on from what is
    /// really there.
    case suspect
    /// Someone else holds the file, or a read took longer than it may.
    case busy
    /// The store is being shut down.
    case closed

    package var kind: RefusalKind { .unavailable }

    package var phrase: Phrase {
        switch self {
        case .overloaded, .busy: Phrase("store.unavailable.busy")
        case .diskFull, .readOnly, .ioFailure, .suspect: Phrase("store.unavailable.disk")
        case .closed: Phrase("store.unavailable.closing")
        }
    }
}

/// For whoever runs a command and is told in one line why it came to nothing.
extension StoreUnavailable: CustomStringConvertible {
    package var description: String {
        switch self {
        case .overloaded: "too many changes are waiting for the store"
        case .diskFull: "the disk is full"
        case .readOnly: "the store can be read only"
        case .ioFailure: "the disk failed to read or write"
        case .suspect: "the disk or the store's file is not sound"
        case .busy: "the store is busy"
        case .closed: "the store is closed"
        }
    }
}

/// The schema said no. Callers who expect it turn it into a refusal of their own.
package struct ConstraintFailure: Error, Hashable {
    package enum Kind: Hashable, Sendable {
        case unique
        case check
        case foreignKey
        case notNull
        /// A trigger's `RAISE(ABORT, message)`.
        case trigger(String)
    }

    package let kind: Kind
    /// The columns or the constraint's name, never a value.
    package let detail: String
}

/// Anything else SQLite refuses: a programmer's mistake or a damaged schema.
package struct StoreFault: Error, CustomStringConvertible {
    package let code: Int32
    package let message: String
    /// With question marks in place of the values.
    package let sql: String

    package var description: String { "SQLite \(code): \(message) in: \(sql)" }
}

/// A reason not to open the file, in one line for the person who starts the program.
package struct StoreRefusedToOpen: Error, CustomStringConvertible {
    package let description: String
}

/// What SQLite answered, sorted into the kinds of errors above.
struct SQLiteError {
    let code: Int32
    let message: String
    let systemError: Int32

    init(_ connection: OpaquePointer?, code: Int32) {
        self.code = code
        message =
            unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) } ?? "no message"
        systemError = unsafe connection == nil ? 0 : sqlite3_system_errno(connection)
    }

    /// True when what was thought durable may not be, or the file is damaged. A failed fsync may
    /// have thrown away the very pages it reports, so trying again proves nothing.
    var makesSuspect: Bool {
        code == kith_IOERR_FSYNC || code == kith_IOERR_DIR_FSYNC
            || [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xFF)
    }

    /// For whoever runs the program: what happened, and what to do.
    var suspicion: String {
        let isDamaged = [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xFF)
        return isDamaged
            ? "the store's file is damaged (\(message)): run `kith verify`, and restore a backup"
            : "the disk failed to flush (\(message)), so what it holds is not certain: "
                + "look at the disk, then start again from what is there"
    }

    /// For whoever runs the program: whether there was no room, or reading or writing failed, and
    /// what the system said to that.
    var trouble: String {
        let what =
            switch code {
            case kith_IOERR_READ, kith_IOERR_SHORT_READ: "the disk failed to read"
            case _ where error(sql: "") as? StoreUnavailable == .diskFull: "the disk is full"
            case _ where code & 0xFF == SQLITE_IOERR: "the disk failed to write"
            default: message
            }
        guard systemError != 0 else { return what }
        return unsafe "\(what) (\(String(cString: strerror(systemError))))"
    }

    func error(sql: String) -> any Error {
        if makesSuspect { return StoreUnavailable.suspect }
        switch code & 0xFF {
        case SQLITE_CONSTRAINT: return constraintFailure ?? fault(sql)
        case SQLITE_FULL: return StoreUnavailable.diskFull
        case SQLITE_READONLY: return StoreUnavailable.readOnly
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT: return StoreUnavailable.busy
        case SQLITE_NOMEM: return StoreUnavailable.overloaded
        case SQLITE_IOERR, SQLITE_CANTOPEN:
            // A quota or a file size limit is a full disk by another name.
            return [ENOSPC, EDQUOT, EFBIG].contains(systemError)
                ? StoreUnavailable.diskFull : StoreUnavailable.ioFailure
        default: return fault(sql)
        }
    }

    private func fault(_ sql: String) -> StoreFault {
        StoreFault(code: code, message: message, sql: sql)
    }

    private var constraintFailure: ConstraintFailure? {
        let kind: ConstraintFailure.Kind
        switch code {
        case kith_CONSTRAINT_UNIQUE, kith_CONSTRAINT_PRIMARYKEY, kith_CONSTRAINT_ROWID:
            kind = .unique
        case kith_CONSTRAINT_CHECK: kind = .check
        case kith_CONSTRAINT_FOREIGNKEY: kind = .foreignKey
        case kith_CONSTRAINT_NOTNULL: kind = .notNull
        case kith_CONSTRAINT_TRIGGER: kind = .trigger(message)
        default: return nil
        }
        // SQLite's text is "UNIQUE constraint failed: table.column".
        let detail = message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? message
        return ConstraintFailure(kind: kind, detail: detail)
    }
}
