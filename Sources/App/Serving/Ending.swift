import Dispatch
import Glibc

enum Ending {
    /// The process ends here and now, without closing anything.
    static func atOnce(code: Int32) -> Never {
        Output.finish()
        _exit(code)
    }

    /// The process ends when this time is over, however far its own end has come, unless this is
    /// cancelled. A disk or a second place that does not answer would hold it for ever, and whoever
    /// takes over with it; what was committed is in each store's log.
    static func after(seconds: Int) -> DispatchWorkItem {
        let item = DispatchWorkItem {
            Output.problem(
                "kith: not everything could be closed in time; "
                    + "the next start goes on from what was committed"
            )
            atOnce(code: 1)
        }
        DispatchQueue(label: "ending").asyncAfter(
            deadline: .now() + .seconds(seconds),
            execute: item
        )
        return item
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
