import Basics
import Store

enum Failure {
    /// What an error says about itself without giving away what it speaks of: its type, and its
    /// case if that carries nothing.
    static func words(_ error: any Error) -> String {
        if let fault = error as? StoreFault { return fault.description }
        if let failure = error as? ConstraintFailure {
            return "ConstraintFailure \(failure.kind): \(failure.detail)"
        }
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
