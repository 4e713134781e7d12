import Dispatch
import Synchronization

/// What becomes of a change somebody waits for.
final class Outcome<Value: Sendable>: Sendable {
    private let value = Handed<Value>()
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let answered = DispatchSemaphore(value: 0)

    func keep(_ made: Value) {
        value.put(made)
    }

    func answer(_ error: (any Error)?) {
        let made = value.take()
        result.withLock { result in
            if let error {
                result = .failure(error)
            } else if let made {
                result = .success(made)
            }
        }
        answered.signal()
    }

    func wait() throws -> Value {
        answered.wait()
        guard let result = result.withLock({ $0.take() }) else {
            throw StoreUnavailable.ioFailure
        }
        return try result.get()
    }
}

/// Something to be taken once. A caller's own closure must be gone before its caller goes on, so
/// nothing else may hold it.
final class Handed<Thing: Sendable>: Sendable {
    private let thing: Mutex<Thing?>

    init(_ thing: Thing? = nil) {
        self.thing = Mutex(thing)
    }

    func put(_ thing: Thing) {
        self.thing.withLock { $0 = thing }
    }

    func take() -> Thing? {
        thing.withLock { $0.take() }
    }
}
