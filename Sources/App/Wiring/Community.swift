import Basics
import Channels
import Events
import HTTPServer
import Identity
import Relationships
import Store
import Templating
import Transactions
import Vault
import Web

/// One community as a whole application over its own file: its store, its keys, its settings,
/// its routes, its jobs. No module below knows that there could be another.
final class Community: Sendable {
    let database: Database
    let identity: Identity
    let relationships: Relationships
    let transactions: Transactions
    let channels: Channels
    let site: Site
    let runner: EventRunner
    let checkpoints: Checkpoints
    let mailbox: Mailbox?
    let metrics: Metrics

    /// What is given to a community from outside.
    struct Given: Sendable {
        var settings: CommunitySettings
        var home: Home
        var address: String
        /// Of a demonstration: where its letters can be read.
        var mailbox: Mailbox?
        var metrics = Metrics()
        /// The addresses for whoever works on pages.
        var development: Development?
        var time: TimeSource
        var random: RandomSource
        var master: MasterKey
        var sender: MailSender
        var slow = SlowLane()
        var report: @Sendable (_ reference: String, _ route: String, _ fault: any Error) -> Void
        var log: @Sendable (String) -> Void
    }

    init(_ given: Given, database: Database) throws {
        let settings = given.settings
        guard let zone = CivilZone(named: settings.zone ?? "Europe/London") else {
            throw Unusable("the time zone \(settings.zone ?? "") is not known here")
        }
        let vault = try Vault.open(
            database: database,
            master: given.master,
            community: settings.name ?? "Kith"
        )
        try Funds.open(in: database)
        checkpoints = try Checkpoints(vault: vault)
        let tokenKey = given.master.derived(for: "tokens")
        let languages = given.home.languages
        let identity = Identity(
            database: database,
            vault: vault,
            time: given.time,
            random: given.random,
            tokenKey: tokenKey,
            standing: Graph.standing
        )
        let hats = HatAccess(database: database)
        let relationships = Relationships(
            database: database,
            records: identity.records,
            time: given.time,
            random: given.random,
            zone: zone
        )
        let transactions = Transactions(
            database: database,
            records: identity.records,
            hats: hats,
            time: given.time,
            random: given.random,
            zone: zone
        )
        let channels = Channels(
            settings: Channels.Settings(
                joining: JoiningSettings(
                    codes: Set(settings.invitationCodes ?? []),
                    areas: settings.areas ?? [],
                    ways: OtherWays(
                        telephone: settings.contact?.telephone,
                        post: settings.contact?.post
                    )
                ),
                letters: LetterSettings(
                    address: given.address,
                    from: settings.mail?.from ?? "Kith <kith@localhost>"
                )
            ),
            database: database,
            identity: identity,
            hats: hats,
            moving: relationships.moving,
            languages: languages,
            sender: given.sender,
            mailbox: given.mailbox,
            time: given.time,
            random: given.random,
            zone: zone,
            tokenKey: tokenKey
        )

        metrics = given.metrics
        var routes = Routes()
        identity.add(to: &routes)
        relationships.add(to: &routes)
        transactions.add(to: &routes)
        channels.add(to: &routes)
        LanguageHandlers(languages: languages).add(to: &routes)
        Operations(database: database, metrics: metrics).add(to: &routes)
        given.development?.add(to: &routes)
        given.home.interface.add(to: &routes)

        var hooks = Site.Hooks()
        hooks.identify = { request, data in try identity.identify(request, data) }
        hooks.trace = Audit.trace
        hooks.refused = { request, refusal, _ in Audit.refusal(of: request, refusal) }
        hooks.frame = channels.frames.frame

        site = Site(
            settings: Site.Settings(
                community: settings.name ?? "Kith",
                version: Version.text,
                sourceURL: settings.source ?? "",
                tokenKey: tokenKey,
                isDevelopment: given.development != nil
            ),
            routes: routes,
            hooks: hooks,
            database: database,
            templates: given.home.templates,
            languages: languages,
            files: given.home.files,
            slow: given.slow,
            random: given.random,
            report: given.report
        )
        runner = EventRunner(
            database: database,
            subscribers: Self.subscribers,
            jobs: relationships.jobs + channels.jobs + [checkpoints.job(given.log)],
            time: given.time,
            random: given.random,
            log: given.log
        )
        self.database = database
        self.identity = identity
        self.relationships = relationships
        self.transactions = transactions
        self.channels = channels
        mailbox = given.mailbox
    }

    /// What a command in another process asks of whoever serves.
    func answer(_ question: Control.Question) throws -> [String] {
        let desks = Desks(
            database: database,
            records: identity.records,
            tokens: identity.tokens
        )
        return try desks.answer(question)
    }

    private static var subscribers: [Subscriber] {
        Transactions.subscribers + Channels.subscribers
    }

    /// What a store that nobody has open waits for.
    static let outlook = Outlook(subscribers: subscribers)

    /// Every page of every module, for the compiler of templates, the gallery and the tests.
    static var pages: [any Page.Type] {
        Identity.pages + Relationships.pages + Transactions.pages + Channels.pages
            + [ErrorPage.self, GalleryPage.self]
    }
}
