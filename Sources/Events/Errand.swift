package import Store

/// False once the runner is stopping.
package typealias MayGoOn = @Sendable () -> Bool

/// What work outside the store is given.
package struct Errand: Sendable {
    package let database: Database
    /// For whoever waits for a server elsewhere: when it says no, waiting ends with `CutOff`.
    package let mayGoOn: MayGoOn
}

/// Work outside that was left, since the process ends, before anything came of it: it is done at
/// the next start, and counts as not tried.
package struct CutOff: Error {
    package init() {}
}
