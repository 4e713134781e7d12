import Basics
import Crypto
import FoundationEssentials
import Store
import TestSupport
import Vault

@testable import App

/// The demonstration, lived once for the whole run and then copied for each rig, since a sanitizer
/// makes each of its days, and each template that is read, take twenty times as long.
enum LivedDemonstration {
    static let master = MasterKey(key: SecretKey(bytes: [UInt8](repeating: 5, count: 32)))

    static let settings = CommunitySettings(
        name: "Kith",
        invitationCodes: ["HATSTAND"],
        areas: ["HX", "OL14", "OL16"]
    )

    static let home = Result { try Home.load(TestStore.repository) }

    private static let pattern = Result {
        let folder = try TestFolder()
        let clock = StandingClock(Rig.start.adding(minutes: -24 * 24 * 60))
        let database = try TestStore.fresh(time: clock.source)
        _ = try Demonstration.live(
            home: home.get(),
            database: database,
            master: master,
            settings: settings,
            clock: clock,
            now: Rig.start
        )
        // The store's file at rest has everything in it.
        database.close()
        try FileManager.default.copyItem(atPath: database.path, toPath: folder.path + "/store.db")
        return folder
    }

    /// A store at rest.
    static func path() throws -> String {
        try pattern.get().path + "/store.db"
    }
}
