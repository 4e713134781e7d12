import Basics
import Channels
import Store
import Vault

extension Demonstration {
    /// Makes the community and lives through its history up to now.
    @discardableResult
    static func live(
        home: Home,
        database: Database,
        master: MasterKey,
        settings: CommunitySettings,
        clock: StandingClock,
        now: Instant
    ) throws -> Community {
        let community = try Community(
            Community.Given(
                settings: settings,
                home: home,
                address: "http://localhost",
                mailbox: Mailbox(),
                time: clock.source,
                random: .system,
                master: master,
                // Letters of a history that never was go to nobody.
                sender: MailSender { _, _ in },
                report: { reference, route, fault in
                    Output.problem("\(reference) \(route): \(fault)")
                },
                log: { Output.problem($0) }
            ),
            database: database
        )
        guard let zone = CivilZone(named: settings.zone ?? "Europe/London") else {
            throw Unusable("the time zone \(settings.zone ?? "") is not known here")
        }
        try History(
            community: community,
            database: database,
            clock: clock,
            zone: zone,
            now: now
        ).live()
        return community
    }
}
