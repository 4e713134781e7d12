import Basics
import Channels
import FoundationEssentials
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
        try runIfEmpty(try Home.load(options.homeFolder), master, settings)
        Demonstration.printSignIns()
    }

    private func isEmpty(_ mark: DemonstrationMark) throws -> Bool {
        guard FileManager.default.fileExists(atPath: Opening.storePath(options.dataFolder)) else {
            return true
        }
        // What was made is not looked at again: the one to open it is whoever serves it.
        guard !mark.isMade else { return false }
        // As it is opened to be served: a second place then notices nothing.
        let database = try Opening.database(options)
        defer { database.close() }
        return try database.read { try isEmpty(mark, $0) }
    }

    private func isEmpty(_ mark: DemonstrationMark, _ data: borrowing Snapshot) throws -> Bool {
        let people: Int? = try data.value("SELECT count(*) FROM identity_person")
        guard people == 0 || mark.isMade else {
            throw Unusable(
                "\(options.dataFolder) holds a real community: --demo would open its letters"
            )
        }
        return people == 0
    }

    /// Throws, for a demonstration, if a store that another process may serve is no demonstration.
    func check() throws {
        guard options.isOn("demo") else { return }
        let mark = DemonstrationMark(options.dataFolder)
        try Database.glance(at: Opening.storePath(options.dataFolder)) { try isEmpty(mark, $0) }
    }

    /// The history is lived on a clock of its own, so the store is opened with that clock, and
    /// closed again before it is served.
    func runIfEmpty(
        _ home: Home,
        _ master: MasterKey,
        _ settings: CommunitySettings
    ) throws {
        let mark = DemonstrationMark(options.dataFolder)
        if mark.isHalfMade {
            // Refused while somebody still makes it.
            try Opening.database(options, shipping: nil).close()
            try mark.removeStore()
        }
        guard try isEmpty(mark) else { return }
        let now = TimeSource.system.now()
        let clock = StandingClock(now.adding(minutes: -24 * 24 * 60))
        let database = try Opening.database(options, time: clock.source, shipping: nil)
        defer { database.close() }
        try mark.write(.begun)
        Output.line("Making the demonstration community")
        try Demonstration.live(
            home: home,
            database: database,
            master: master,
            settings: settings,
            clock: clock,
            now: now
        )
        try mark.write(.made)
    }
}

/// The file in a data folder that says: what is here is a demonstration.
struct DemonstrationMark {
    enum State: String {
        case begun
        case made
    }

    private let folder: String

    init(_ folder: String) {
        self.folder = folder
    }

    private var path: String { folder + "/demonstration" }

    private var state: State? {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text.flatMap { State(rawValue: $0) }
    }

    var isMade: Bool { state == .made }

    /// Also of one that was broken off.
    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    func write(_ state: State) throws {
        try state.rawValue.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// A history that was broken off in the middle is no community: it is made afresh.
    var isHalfMade: Bool { state == .begun }

    func removeStore() throws {
        for name in ["kith.db", "kith.db-wal", "kith.db-shm"] {
            let file = folder + "/" + name
            if FileManager.default.fileExists(atPath: file) {
                try FileManager.default.removeItem(atPath: file)
            }
        }
    }
}
