package import Basics
package import Events

/// The way out for email. In tests the default fails when it is called, so that a test says what
/// it sends.
package struct MailSender: Sendable {
    /// Throws `CutOff` if it had to wait for a server when it might no longer go on.
    package let send: @Sendable (Letter, @escaping MayGoOn) throws -> Void

    package init(send: @escaping @Sendable (Letter, @escaping MayGoOn) throws -> Void) {
        self.send = send
    }

    package static let none = MailSender { _, _ in throw MailRefused(reason: "no sender is set") }
}

/// One email: plain text, to one person, with nothing private in its subject.
package struct Letter: Sendable {
    package let to: String
    package let from: String
    package let subject: String
    package let body: String
    /// The same for each try at the same letter, so that a mailbox shows it once.
    package let messageID: String
    package let at: Instant

    package init(
        to: String,
        from: String,
        subject: String,
        body: String,
        messageID: String,
        at: Instant
    ) {
        self.to = to
        self.from = from
        self.subject = subject
        self.body = body
        self.messageID = messageID
        self.at = at
    }
}

/// A letter was not taken. The reason is for the log: it names the mail server, nobody else.
package struct MailRefused: LoggedError {
    package let reason: String

    package var logged: String { "the letter was not taken: \(reason)" }
}
