import Basics
import Channels
import Store
import Vault

/// `kith seed`: makes the demonstration community in an empty data folder.
struct SeedDemonstration {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        guard options.isOn("demo") else {
            throw Unusable("the demonstration community is made with --demo only")
        }
        try Opening.folder(options.dataFolder)
        let master = try Opening.master(options)
        let settings = try CommunitySettings.load(
            home: options.homeFolder,
            data: options.dataFolder,
            isDemonstration: options.isOn("demo")
        )
        try runIfEmpty(master, settings)
        Demonstration.printSignIns()
    }

    /// The history is lived on a clock of its own, so the store is opened with that clock, and
    /// closed again before it is served.
    func runIfEmpty(_ master: MasterKey, _ settings: CommunitySettings) throws {
        let now = TimeSource.system.now()
        let clock = StandingClock(now.adding(minutes: -24 * 24 * 60))
        let database = try Opening.database(options, time: clock.source)
        defer { database.close() }
        let people: Int? = try database.read {
            try $0.value("SELECT count(*) FROM identity_person")
        }
        guard people == 0 else { return }
        Output.line("Making the demonstration community")
        try Demonstration.live(
            home: options.homeFolder,
            database: database,
            master: master,
            settings: settings,
            clock: clock,
            now: now
        )
    }
}
