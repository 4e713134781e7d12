import Glibc

/// Which connections this thread holds, innermost first. So a read inside a read joins its
/// snapshot, and a read inside a change sees the change.
enum Held {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key, nil)
        precondition(code == 0)
        return key
    }()

    private static var innermost: Connection? {
        get {
            guard let pointer = unsafe pthread_getspecific(key) else { return nil }
            return unsafe Unmanaged<Connection>.fromOpaque(pointer).takeUnretainedValue()
        }
        set {
            // Not retained here: whoever holds the connection does, until `release`.
            let pointer = unsafe newValue.map { unsafe Unmanaged.passUnretained($0).toOpaque() }
            unsafe pthread_setspecific(key, pointer)
        }
    }

    static func connection(of database: ObjectIdentifier) -> Connection? {
        var next = innermost
        while let connection = next {
            if connection.heldFor == database { return connection }
            next = connection.outer
        }
        return nil
    }

    static func hold<Result>(
        _ connection: Connection,
        for database: ObjectIdentifier,
        _ body: () throws -> Result
    ) rethrows -> Result {
        connection.outer = innermost
        connection.heldFor = database
        innermost = connection
        defer {
            innermost = connection.outer
            connection.outer = nil
            connection.heldFor = nil
        }
        return try body()
    }
}
