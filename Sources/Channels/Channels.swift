package import Basics
package import Events
package import Identity
package import Relationships
package import Store
package import Templating
package import Web

/// The ways in and out: joining, the front page, notices and letters, helping someone under a
/// grant, "who has looked at my record", and the admin's reading of the audit.
///
/// It reads facts that other modules recorded, and writes only its own. No other module imports
/// it: a message that fails undoes nothing.
package struct Channels: Sendable {
    package struct Settings: Sendable {
        package var joining: JoiningSettings
        package var letters: LetterSettings

        package init(joining: JoiningSettings, letters: LetterSettings) {
            self.joining = joining
            self.letters = letters
        }
    }

    package let frames: Frames
    private let settings: Settings
    private let letters: Letters
    private let mailbox: Mailbox?
    private let signUp: SignUpHandlers
    private let verification: VerificationHandlers
    private let passwordReset: PasswordResetHandlers
    private let landing: LandingHandlers
    private let notices: NoticeHandlers
    private let helping: HelpingHandlers
    private let helped: HelpedBookingHandlers
    private let grants: GrantHandlers
    private let record: RecordHandlers
    private let audit: AuditHandlers
    private let hats: HatsHandlers
    private let hatRequests: HatRequestHandlers

    package init(
        settings: Settings,
        database: Database,
        identity: Identity,
        hats: HatAccess,
        moving: MovingHandlers,
        languages: Languages,
        sender: MailSender,
        mailbox: Mailbox?,
        time: TimeSource,
        random: RandomSource,
        zone: CivilZone,
        tokenKey: [UInt8]
    ) {
        self.settings = settings
        self.mailbox = mailbox
        let records = identity.records
        var tries = Attempts.Settings()
        tries.freeTries = 10
        let codes = Attempts(settings: tries, key: tokenKey)
        frames = Frames(records: records)
        letters = Letters(
            settings: settings.letters,
            records: records,
            verifications: identity.verifications,
            passwordResets: identity.passwordResets,
            languages: languages,
            time: time,
            sender: mailbox.map { $0.keeping(sender) } ?? sender
        )
        signUp = SignUpHandlers(
            database: database,
            signUp: SignUp(
                settings: settings.joining,
                identity: identity,
                attempts: codes,
                random: random
            )
        )
        verification = VerificationHandlers(
            database: database,
            verifications: identity.verifications,
            mailbox: mailbox == nil ? nil : Mailbox.path
        )
        passwordReset = PasswordResetHandlers(
            database: database,
            resets: identity.passwordResets,
            time: time,
            mailbox: mailbox == nil ? nil : Mailbox.path
        )
        landing = LandingHandlers(database: database, records: records)
        notices = NoticeHandlers(database: database, records: records, zone: zone)
        helping = HelpingHandlers(
            database: database,
            records: records,
            hats: hats,
            time: time,
            zone: zone
        )
        helped = HelpedBookingHandlers(
            database: database,
            records: records,
            moving: moving,
            time: time,
            zone: zone
        )
        grants = GrantHandlers(database: database, records: records, time: time, zone: zone)
        record = RecordHandlers(database: database, records: records, time: time, zone: zone)
        self.hats = HatsHandlers(database: database, records: records, zone: zone)
        hatRequests = HatRequestHandlers(
            database: database,
            records: records,
            hats: hats,
            zone: zone
        )
        audit = AuditHandlers(database: database, records: records, hats: hats, zone: zone)
    }

    package func add(to routes: inout Routes) {
        landing.add(to: &routes)
        signUp.add(to: &routes)
        verification.add(to: &routes)
        passwordReset.add(to: &routes)
        notices.add(to: &routes)
        helping.add(to: &routes)
        helped.add(to: &routes)
        grants.add(to: &routes)
        record.add(to: &routes)
        audit.add(to: &routes)
        hats.add(to: &routes)
        hatRequests.add(to: &routes)
        mailbox?.add(to: &routes, address: settings.letters.address)
    }

    /// What people of the demonstration have read by now.
    package func demonstrateReading(_ person: SignedIn, in change: borrowing Change) throws {
        try NoticeStore.readAll(person.id, in: change)
    }

    package static var subscribers: [Subscriber] {
        NoticeSubscribers.all + Letters.subscribers
    }

    package var jobs: [JobHandler] { letters.jobs }

    package static var pages: [any Page.Type] {
        [
            LandingPage.self, WelcomePage.self, JoinPage.self, JoinSupportPage.self,
            JoinPostcodePage.self, JoinNotCoveredPage.self, JoinAccountPage.self,
            VerificationPage.self, VerificationLinkPage.self, PasswordResetPage.self,
            PasswordResetSentPage.self, NewPasswordPage.self, NoticesPage.self, HelpingPage.self,
            HelpedBookingsPage.self, GrantsPage.self, RecordPage.self, RecordCheckPage.self,
            AuditPage.self, HatsPage.self, HatRequestsPage.self, HatRequestPage.self,
            MailboxPage.self,
        ]
    }
}
