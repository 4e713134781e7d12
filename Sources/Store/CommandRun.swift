import CLinux
import FoundationEssentials
import Glibc

/// One run of a command by the shell, which is given bytes on its standard input. What it prints
/// goes nowhere: our own output has a form to keep.
final class CommandRun {
    private let process: pid_t
    private var input: Int32
    private let seconds: Int
    private let isWanted: () -> Bool
    private var isOver = false

    /// A command that takes nothing, or does not end, for so many seconds is ended; and soon, when
    /// it is not wanted any more.
    init(
        _ line: String,
        _ variables: [String],
        seconds: Int,
        whileTrue isWanted: @escaping () -> Bool
    ) throws {
        self.seconds = seconds
        self.isWanted = isWanted
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { throw CommandTrouble(reason: "no pipe") }
        input = ends[1]
        defer { Glibc.close(ends[0]) }
        let environment =
            ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" } + variables
        guard let started = Self.spawn(line, environment, input: ends[0]) else {
            Glibc.close(ends[1])
            throw CommandTrouble(reason: "it cannot be started")
        }
        process = started
        // A write waits in `poll`, where it can be given up.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    }

    deinit {
        closeInput()
        if !isOver { end() }
    }

    private static func spawn(
        _ line: String,
        _ environment: [String],
        input: Int32
    ) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        for output: Int32 in [1, 2] {
            unsafe posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
        }
        // Nothing else that is open: a library's connection, or what somebody uploads.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // A group of its own, so that all of it can be ended; and none of our signals' settings.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments = unsafe words(["sh", "-c", line])
        var variables = unsafe words(environment)
        defer {
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
            for index in unsafe variables.indices { unsafe free(variables[index]) }
        }
        var process: pid_t = 0
        let failed = unsafe posix_spawn(
            &process,
            "/bin/sh",
            &actions,
            &attributes,
            &arguments,
            &variables
        )
        return failed == 0 ? process : nil
    }

    /// As C wants them. Whoever asked for them frees them.
    @unsafe
    private static func words(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var words = unsafe [UnsafeMutablePointer<CChar>?]()
        for text in texts { unsafe words.append(strdup(text)) }
        unsafe words.append(nil)
        return unsafe words
    }

    func append(_ bytes: [UInt8]) throws {
        try unsafe bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
                let count = unsafe write(input, start, buffer.count - done)
                if count > 0 {
                    done += count
                } else if errno == EAGAIN {
                    try waitToWrite()
                } else if errno != EINTR {
                    // It closed its input: how it ends says more.
                    try finish()
                    throw CommandTrouble(reason: "it did not take everything")
                }
            }
        }
    }

    private func waitToWrite() throws {
        var wanted = pollfd(fd: input, events: Int16(POLLOUT), revents: 0)
        for _ in 0..<seconds * 20 {
            try endIfUnwanted()
            if unsafe poll(&wanted, 1, 50) != 0 { return }
        }
        end()
        throw CommandTrouble(reason: "it took nothing for \(seconds) seconds")
    }

    private func endIfUnwanted() throws {
        guard !isWanted() else { return }
        end()
        throw CommandTrouble(reason: "it was ended, since it is not wanted any more")
    }

    /// Throws unless it ends well.
    func finish() throws {
        closeInput()
        var waited: UInt32 = 0
        var status = try status()
        while status == nil {
            guard waited < UInt32(seconds) * 1_000_000 else {
                end()
                throw CommandTrouble(reason: "it did not end within \(seconds) seconds")
            }
            try endIfUnwanted()
            let pause = min(1000 + waited / 10, 50_000)
            usleep(pause)
            waited += pause
            status = try self.status()
        }
        isOver = true
        guard let status, status & 0x7F == 0 else {
            throw CommandTrouble(reason: "it was ended by a signal")
        }
        guard status == 0 else {
            throw CommandTrouble(reason: "it ended with \((status >> 8) & 0xFF)")
        }
    }

    private func status() throws -> Int32? {
        do {
            return try Self.status(of: process)
        } catch {
            // Its number may be another's by now.
            isOver = true
            throw error
        }
    }

    /// What a process of ours ended with; nil while it runs. Throws where that cannot be known, as
    /// when the system does not keep it for us: then nobody knows whether it did its work.
    static func status(of process: pid_t) throws -> Int32? {
        while true {
            var status: Int32 = 0
            switch unsafe waitpid(process, &status, WNOHANG) {
            case process: return status
            case 0: return nil
            default:
                guard errno == EINTR else {
                    throw CommandTrouble(reason: "it cannot be known how it ended")
                }
            }
        }
    }

    private func closeInput() {
        guard input >= 0 else { return }
        close(input)
        input = -1
    }

    private func end() {
        kill(-process, SIGKILL)
        while waitpid(process, nil, 0) < 0, errno == EINTR {}
        isOver = true
    }
}

/// The command did not do what it was run for.
package struct CommandTrouble: Error, CustomStringConvertible {
    let reason: String

    package var description: String { reason }
}
