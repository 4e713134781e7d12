import Basics
package import Store

/// An error with words that may stand in the log: no person, no content.
package protocol LoggedError: Error {
    var logged: String { get }
}

extension StoreFault: LoggedError {
    package var logged: String { description }
}

extension ConstraintFailure: LoggedError {
    package var logged: String { "ConstraintFailure \(kind): \(detail)" }
}

enum Failure {
    /// What an error says about itself without giving away what it speaks of: its own words for
    /// the log, else its type, and its case if that carries nothing.
    static func words(_ error: any Error) -> String {
        if let error = error as? any LoggedError { return error.logged }
        let mirror = Mirror(reflecting: error)
        let type = String(reflecting: type(of: error))
        guard mirror.displayStyle == .enum else { return type }
        return "\(type).\(mirror.children.first?.label ?? "\(error)")"
    }

    /// Trying again would only read the same unreadable text.
    static func isForGood(_ error: any Error) -> Bool {
        error is DecodingError || error is Unknown
    }

    /// The process ended in the middle of it, as often as it was tried.
    struct Interrupted: Error {}

    /// No handler or subscriber of that name is there any more.
    enum Unknown: Error {
        case job
        case subscriber
    }
}
