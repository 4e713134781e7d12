/// How much the writer takes on at once.
package struct WriterLimits: Sendable {
    /// How many changes may wait before the next is refused.
    package var line = 4096
    /// How many changes share one commit, and after how long it comes in any case.
    package var batch = 256
    package var batchMilliseconds = 10
    /// A checkpoint is due from this many pages in the log once nobody waits,
    package var idleCheckpointPages = 1000
    /// and from this many even if somebody does.
    package var checkpointPages = 4000
    /// From this many on it waits a little for readers to finish, since the log cannot begin anew
    /// before.
    package var longestLogPages = 16_000

    package init() {}
}
