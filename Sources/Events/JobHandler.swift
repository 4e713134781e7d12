package import Store

/// How one kind of job is done. It may be done twice, so its body must not mind.
package struct JobHandler: Sendable {
    enum Work: Sendable {
        case inside(@Sendable (_ payload: String, borrowing Change) throws -> Void)
        case outside(@Sendable (_ payload: String, Errand) throws -> Void)
    }

    let name: String
    let work: Work
    let retries: Retries

    /// Quick work: one change, in which the job also ceases to be.
    package init<Task: Job>(
        for _: Task.Type,
        retries: Retries = .ofJobs,
        _ body: @escaping @Sendable (Task, borrowing Change) throws -> Void
    ) {
        name = Task.name
        self.retries = retries
        work = .inside { payload, change in try body(try Payload.read(payload), change) }
    }

    /// Slow work, or work outside the store, as sending mail is: it opens the changes it needs
    /// itself, and is done when its body returns.
    package init<Task: Job>(
        outside _: Task.Type,
        retries: Retries = .ofJobs,
        _ body: @escaping @Sendable (Task, Errand) throws -> Void
    ) {
        name = Task.name
        self.retries = retries
        work = .outside { payload, errand in try body(try Payload.read(payload), errand) }
    }
}
