import Glibc

enum Ending {
    /// The process ends here and now, without closing anything.
    static func atOnce(code: Int32) -> Never {
        Output.finish()
        _exit(code)
    }

    /// As a signal ends a process that does not listen to it, so that the shell or the service
    /// manager that sent it can tell. The first process of a container is not ended by a signal.
    /// Dispatch keeps all of them away from its threads, so this one lets it through.
    static func atOnce(by number: Int32) -> Never {
        Output.finish()
        signal(number, SIG_DFL)
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(number)
        atOnce(code: 128 + number)
    }
}
