import Dispatch
import HTTPServer
import Store

/// `kith serve`: one community, or all in a folder, until a signal, or until another process
/// takes over.
struct Serve {
    private let options: Options
    /// What stores may take to be closed, once nothing is in flight any more.
    private static let closingSeconds = 30

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        let signals = Signals()
        Output.stopWaiting()
        // Whatever can be wrong is found before a running process is asked to go.
        let graceSeconds = try options.number("grace", 30, in: 0...600)
        // The plan shares out what there is.
        Descriptors.allowMost()
        let plan = try ServingPlan(options)
        try plan.check()
        var serving = try Serving(plan, options)
        serving.check()
        if options.isOn("take-over") { try serving.rehearse() }
        let listener = options.isOn("take-over") ? try takeOver(plan, signals) : nil
        // One process alone opens stores in a folder of many; of one, its store is the lock.
        let lock = try plan.folder.map { try FileLock(serving: ServingPlan.lockPath($0)) }
        defer { lock?.release() }
        if options.isOn("demo") {
            let only = try plan.community("")
            try SeedDemonstration(options).runIfEmpty(plan.home, only.master, only.settings)
        }

        var handOver = try serve(serving, at: listener, signals, graceSeconds)
        while let place = handOver.takeBack(), signals.startAgain() {
            Output.problem("kith: the process that was to take over has ended: this one serves on")
            serving = try Serving(serving.plan, options)
            handOver = try serve(serving, at: place, signals, graceSeconds)
        }
        // Whoever takes over waits for this.
        lock?.release()
        handOver.finish()
    }

    /// Until a signal, or until another process asks for this one's place.
    private func serve(
        _ serving: Serving,
        at listener: Int32?,
        _ signals: Signals,
        _ graceSeconds: Int
    ) throws -> HandOver {
        let plan = serving.plan
        try serving.open(at: listener)
        let handOver = HandOver(place: serving.listenerAgain, asked: signals.stop)
        // Before anyone is told that we are ready.
        let control = control(in: plan.place, serving, handOver)
        signals.serve()
        let port = try serving.start(listener: listener)
        signals.onHangUp(serving.reload)
        let scheme = plan.server.identities.isEmpty ? "http" : "https"
        let what = plan.folder == nil ? plan.place : "the communities in \(plan.place)"
        let host = plan.folder == nil ? "localhost" : "HOST"
        Output.line("Kith \(Version.text) serves \(what) at \(scheme)://\(host):\(port)")
        if options.isOn("demo") {
            Demonstration.printSignIns()
        } else if plan.folder == nil {
            for line in try plan.community("").settings.missing() {
                Output.problem("kith: \(line)")
            }
        }

        signals.wait()
        let last = Ending.after(seconds: graceSeconds + Self.closingSeconds)
        defer { last.cancel() }
        Output.line("Kith is stopping: what is in flight finishes first")
        control?.stop()
        serving.stop(graceSeconds: graceSeconds)
        return handOver
    }

    /// A port or an address that was told must be the one that is taken over; without, any is.
    private func takeOver(_ plan: ServingPlan, _ signals: Signals) throws -> Int32? {
        let port = options["port"] == nil || plan.server.port == 0 ? nil : plan.server.port
        return try signals.whileAnotherServes {
            try TakeOver.listener(of: plan.place, port: port, address: options["address"])
        }
    }

    /// Without it commands cannot reach us, as on a full disk; people still can.
    private func control(in data: String, _ serving: Serving, _ handOver: HandOver) -> Control? {
        do {
            return try Control.listen(in: data, handOver, serving.answer)
        } catch {
            AccessLog().problem("\(error)")
            return nil
        }
    }
}
