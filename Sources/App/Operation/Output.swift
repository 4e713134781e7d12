import Dispatch
import Glibc

/// Lines for people and for the log.
enum Output {
    private static let standard = LineWriter(STDOUT_FILENO, gatheringMilliseconds: 5)
    private static let problems = LineWriter(STDERR_FILENO)

    /// How long the end of the process waits for whoever reads them.
    private static let lastSeconds = 1

    static func line(_ text: String) {
        standard.write(Array("\(text)\n".utf8))
    }

    /// Whole lines, each with its end.
    static func lines(_ bytes: [UInt8]) {
        standard.write(bytes)
    }

    static func problem(_ text: String) {
        problems.write(Array("\(text)\n".utf8))
    }

    /// For a process that serves: whoever does not read its lines does not hold it up.
    static func stopWaiting() {
        for writer in [standard, problems] {
            writer.stopWaiting(lossLine: { AccessLog().loss(of: $0) })
        }
    }

    /// Lines that nobody read in time.
    static var lost: Int { standard.lost + problems.lost }

    /// Before the process ends.
    static func finish() {
        let end = DispatchTime.now() + .seconds(lastSeconds)
        for writer in [standard, problems] { writer.finish(by: end) }
    }
}
