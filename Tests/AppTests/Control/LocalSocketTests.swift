import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import App

/// Whoever waits for the process that it is to replace is not misled by a signal.
@Suite struct LocalSocketTests {
    private let here: LocalSocket
    private let there: LocalSocket

    init() throws {
        // As the program does.
        signal(SIGPIPE, SIG_IGN)
        var pair: [Int32] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        here = LocalSocket(descriptor: pair[0])
        there = LocalSocket(descriptor: pair[1])
        // A handler, and no restart: what is waited for is interrupted.
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in }
        _ = unsafe sigaction(SIGUSR2, &action, nil)
    }

    /// What `wait` gives when its thread gets signals, and `then` is done after them.
    private func interrupted<Value: Sendable>(
        _ wait: @escaping @Sendable () -> Value,
        then: () -> Void
    ) throws -> Value? {
        let thread = Mutex<UInt>(0)
        let found = Mutex<Value?>(nil)
        let done = DispatchSemaphore(value: 0)
        DispatchQueue(label: "waits").async {
            thread.withLock { $0 = UInt(pthread_self()) }
            let value = wait()
            found.withLock { $0 = value }
            done.signal()
        }
        try #require(comes { thread.withLock { $0 } != 0 })
        for _ in 0..<3 {
            usleep(50_000)
            _ = pthread_kill(pthread_t(thread.withLock { $0 }), SIGUSR2)
        }
        usleep(50_000)
        then()
        try #require(done.comes())
        return found.withLock { $0 }
    }

    @Test func `a signal is not taken for an end that did not come`() throws {
        defer { here.close() }
        let isEnded = try interrupted {
            here.waitForEnd(seconds: 20)
        } then: {
            there.close()
        }
        #expect(isEnded == true)
    }

    @Test func `a signal does not lose what is handed over`() throws {
        defer {
            here.close()
            there.close()
        }
        let taken = try interrupted {
            here.take()
        } then: {
            _ = there.hand(STDOUT_FILENO)
        }
        let descriptor = try #require(taken ?? nil)
        close(descriptor)
    }

    @Test func `whoever asks is heard on a descriptor that no command inherits`() throws {
        let folder = try TestFolder()
        let listening = try LocalSocket.listen(in: folder.path)
        let asking = try #require(
            LocalSocket.connect(to: folder.path, trusting: Trusted(with: folder.path))
        )
        let heard = try #require(listening.accept())
        #expect(fcntl(heard.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        for socket in [heard, asking, listening, here, there] { socket.close() }
    }

    @Test func `an end that does not come in time is told as that`() {
        defer {
            here.close()
            there.close()
        }
        #expect(!here.waitForEnd(seconds: 1))
    }
}
