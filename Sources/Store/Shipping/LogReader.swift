import Basics

/// Reads commits out of the log into the steps of a shipment.
struct LogReader {
    let log: WriteAheadLog
    let pageSize: Int
    let identity: LogIdentity
    private let longestBytes: Int

    init(_ log: WriteAheadLog, longestBytes: Int) throws {
        self.log = log
        self.longestBytes = longestBytes
        (pageSize, identity) = try log.header()
    }

    struct Load {
        let steps: [Shipment.Step]
        /// Where the log stands after them.
        let position: LogPosition
    }

    /// What was committed after so many frames: whole commits, up to about so many bytes; of each
    /// page, in each step, only the last content.
    ///
    /// Each step has the time of its own commit. Where the clock was set back a shipment ends, and
    /// one that begins before the end of the last is of one commit alone: so the labels tell where
    /// that was, without a look at what they stand on; see `RestorePoint`.
    func load(
        after done: Int,
        _ commits: [ShippingBacklog.Commit],
        following time: Instant,
        upTo bytes: Int
    ) throws -> Load {
        var steps: [Shipment.Step] = []
        var number = done
        var size = 0
        var checksum: UInt64 = 0
        var latest = time
        var isAlone = false
        for commit in commits where commit.frames > number {
            let isBack = commit.time < latest
            if steps.isEmpty { isAlone = isBack } else if isBack || isAlone { break }
            latest = commit.time
            while number < commit.frames, size < bytes {
                let step = try step(
                    after: number,
                    upTo: commit.frames,
                    at: commit.time,
                    bytes: bytes - size
                )
                steps.append(step.step)
                number = step.step.frames
                size += step.step.pages.count * pageSize
                checksum = step.checksum
            }
        }
        // If the log was cut and begun anew meanwhile, any of it may be of the new one.
        guard try log.header().log == identity else { throw StoreUnavailable.ioFailure }
        return Load(
            steps: steps,
            position: LogPosition(log: identity, frames: number, checksum: checksum)
        )
    }

    private func step(
        after done: Int,
        upTo end: Int,
        at time: Instant,
        bytes: Int
    ) throws -> (step: Shipment.Step, checksum: UInt64) {
        var latest: [UInt32: Int] = [:]
        for number in done + 1...end {
            let frame = try log.frame(number, pageSize: pageSize, of: identity)
            latest[frame.page] = number
            let isFull = latest.count * pageSize >= bytes
            guard frame.storePages > 0, isFull || number == end else { continue }
            guard latest.count * pageSize <= longestBytes else { throw CommitTooLong() }
            let pages = try latest.sorted { $0.key < $1.key }
                .filter { $0.key <= frame.storePages }
                .map { page, number in
                    Shipment.Page(
                        number: page,
                        content: try log.content(ofFrame: number, pageSize: pageSize)
                    )
                }
            let step = Shipment.Step(
                time: time,
                frames: number,
                storePages: frame.storePages,
                pages: pages
            )
            return (step, frame.checksum)
        }
        // What SQLite told of as committed does not end in a commit: this is not its log.
        throw StoreUnavailable.ioFailure
    }
}

/// A commit is held in memory several times over while it is shipped. A base goes in parts.
struct CommitTooLong: Error {}
