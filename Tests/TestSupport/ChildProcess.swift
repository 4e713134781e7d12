import CLinux
import Foundation
import Glibc
import Synchronization

/// A process that a test starts, ended at the latest when the test lets go of it.
///
/// Not Foundation's: that one hands down the signals which a test's thread blocks, so that SIGTERM
/// is never taken, and now and then descriptors that another test opens in that moment, so that an
/// end of output never comes. One of either is enough for a run of the tests without an end.
package final class ChildProcess: Sendable {
    package enum Ending: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// It was waited for in vain, and killed.
        case hung
        /// It is no child of ours any more, which is no reason to wait for its end for ever.
        case lost
    }

    /// Where what it says goes. A file is made anew.
    package enum Output: Sendable {
        case nowhere
        case file(String)
        case descriptor(Int32)
    }

    package struct CannotStart: Error {
        let program: String
        let error: Int32
    }

    package let identifier: Int32
    private let ending = Mutex<Ending?>(nil)

    /// Environment: ours unless told otherwise. Input: nothing, or a file.
    package init(
        _ program: String,
        _ arguments: [String],
        in folder: String? = nil,
        environment: [String: String]? = nil,
        input: String = "/dev/null",
        output: Output = .nowhere,
        problems: Output = .nowhere
    ) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        for (descriptor, place): (Int32, Output) in [(1, output), (2, problems)] {
            switch place {
            case .nowhere:
                unsafe posix_spawn_file_actions_addopen(
                    &actions,
                    descriptor,
                    "/dev/null",
                    O_WRONLY,
                    0
                )
            case .file(let path):
                let how = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
                unsafe posix_spawn_file_actions_addopen(&actions, descriptor, path, how, 0o600)
            case .descriptor(let open):
                unsafe posix_spawn_file_actions_adddup2(&actions, open, descriptor)
            }
        }
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let folder { unsafe posix_spawn_file_actions_addchdir_np(&actions, folder) }

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        let settings = environment ?? ProcessInfo.processInfo.environment
        var words = unsafe Self.words([program] + arguments)
        var variables = unsafe Self.words(settings.map { "\($0)=\($1)" })
        defer {
            for index in unsafe words.indices { unsafe free(words[index]) }
            for index in unsafe variables.indices { unsafe free(variables[index]) }
        }
        var process: pid_t = 0
        let error = unsafe posix_spawnp(
            &process,
            program,
            &actions,
            &attributes,
            &words,
            &variables
        )
        guard error == 0 else { throw CannotStart(program: program, error: error) }
        identifier = process
    }

    deinit {
        kill()
    }

    /// As C wants them. Whoever asked for them frees them.
    @unsafe
    private static func words(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var words = unsafe [UnsafeMutablePointer<CChar>?]()
        for text in texts { unsafe words.append(strdup(text)) }
        unsafe words.append(nil)
        return unsafe words
    }

    package var isRunning: Bool { look() == nil }

    /// Nothing once it ended: by then its number may be another's.
    package func signal(_ number: Int32) {
        ending.withLock { if $0 == nil { _ = Glibc.kill(identifier, number) } }
    }

    /// With SIGTERM.
    @discardableResult
    package func stop() -> Ending {
        signal(SIGTERM)
        return wait()
    }

    @discardableResult
    package func kill() -> Ending {
        signal(SIGKILL)
        return wait()
    }

    @discardableResult
    package func wait(seconds: Int = 300) -> Ending {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if let ended = look() { return ended }
            usleep(2_000)
        }
        signal(SIGKILL)
        _ = comes { look() != nil }
        ending.withLock { $0 = .hung }
        return .hung
    }

    private func look() -> Ending? {
        ending.withLock { ending in
            if ending != nil { return ending }
            var status: Int32 = 0
            let found = unsafe waitpid(identifier, &status, WNOHANG)
            if found == 0 || found == -1 && errno == EINTR { return nil }
            // Whoever else waited for it knows how it ended.
            guard found == identifier else {
                ending = .lost
                return ending
            }
            let signal = status & 0x7F
            ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
            return ending
        }
    }
}

extension ChildProcess {
    package struct Run: Sendable {
        package let ending: Ending
        package let output: String
        package let problems: String

        package var said: String { output + problems }
    }

    /// Runs a program to its end.
    package static func run(
        _ program: String,
        _ arguments: [String],
        in folder: String? = nil,
        environment: [String: String]? = nil,
        input: String = "",
        seconds: Int = 300
    ) throws -> Run {
        let files = try TestFolder()
        let (given, output) = (files.path + "/input", files.path + "/output")
        let problems = files.path + "/problems"
        try input.write(toFile: given, atomically: false, encoding: .utf8)
        let child = try ChildProcess(
            program,
            arguments,
            in: folder,
            environment: environment,
            input: given,
            output: .file(output),
            problems: .file(problems)
        )
        let ending = child.wait(seconds: seconds)
        return Run(ending: ending, output: try text(output), problems: try text(problems))
    }

    private static func text(_ file: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
    }
}
