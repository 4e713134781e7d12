import Glibc

/// What one thread does in one go, as a loop answers whoever has asked. It costs less together:
/// what is submitted joins the writer's line in one, for one commit and not as many as the writer
/// is quick enough for; and what is read, is read in one snapshot for as long as no commit has
/// been acknowledged since.
package final class Round {
    /// So many changes do not wait for more.
    private static let most = 24
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key, nil)
        precondition(code == 0)
        return key
    }()

    /// Not retained: `run` holds it.
    static var current: Round? {
        guard let pointer = unsafe pthread_getspecific(key) else { return nil }
        return unsafe Unmanaged<Round>.fromOpaque(pointer).takeUnretainedValue()
    }

    private var jobs: [Job] = []
    private var writer: Writer?
    private var reading: Reading?

    /// What `body` submits on this thread is in line when it is over, or before.
    package static func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard current == nil else { return try body() }
        let round = Round()
        unsafe pthread_setspecific(key, Unmanaged.passUnretained(round).toOpaque())
        defer {
            pthread_setspecific(key, nil)
            round.handOver()
            round.stopReading()
        }
        return try body()
    }

    // MARK: Changes

    func add(_ job: Job, for writer: Writer) {
        // Whoever is refused at once may add more meanwhile, for another writer.
        while let other = self.writer, other !== writer { handOver() }
        self.writer = writer
        jobs.append(job)
        if jobs.count == Self.most { handOver() }
    }

    private func handOver() {
        guard let writer else { return }
        let handed = jobs
        self.writer = nil
        jobs = []
        writer.submit(handed)
    }

    // MARK: Reads

    /// The snapshot of the last read, if it is still the newest.
    func reading(of readers: Readers) throws -> Reading? {
        guard let reading else { return nil }
        guard reading.readers === readers, readers.isNew(reading) else {
            stopReading()
            return nil
        }
        self.reading = nil
        return reading
    }

    func keep(_ reading: Reading) {
        stopReading()
        self.reading = reading
    }

    private func stopReading() {
        guard let reading else { return }
        self.reading = nil
        do {
            try reading.end()
        } catch {
            reading.giveUp()
        }
    }
}
