/// Facts and tasks that outlive the process.
///
/// A module records a fact in the same change as the data it speaks of; whoever subscribed hears
/// of it afterwards, at least once and in order, each in a change of its own. A job is a task with
/// a time: it runs once that has come, is tried again when it fails, and ends among the dead letters
/// if it keeps failing, where people can see it and have it tried again.
///
/// It will never: undo what caused an event because a subscriber failed, let one subscriber hold up
/// another, forget a job because the process died, or carry personal content (events and jobs
/// hold ids).
enum Events {
    /// What a change says when there is something for the runner to do.
    static let bell = "events"
}
