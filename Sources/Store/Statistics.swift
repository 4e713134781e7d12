/// Counts since the store was opened, and how things stand.
package struct StoreStatistics: Sendable {
    package internal(set) var changes = 0
    /// Changes share a batch, and a batch is one wait for the disk.
    package internal(set) var batches = 0
    package internal(set) var failedBatches = 0
    package internal(set) var checkpoints = 0
    /// Changes in line at this moment.
    package internal(set) var waiting = 0
    package internal(set) var pagesInLog = 0
}
