import Basics
import Events
import Identity
import Store
import Templating

/// Writes and sends the platform's letters, as jobs: a mail server that is down delays a letter
/// and undoes nothing.
struct Letters: Sendable {
    let settings: LetterSettings
    let records: Records
    let verifications: Verifications
    let passwordResets: PasswordResets
    let languages: Languages
    let time: TimeSource
    let sender: MailSender

    static var subscribers: [Subscriber] {
        [
            Subscriber("letters-verification", to: Verifications.Needed.self) { event, change in
                try change.schedule(
                    VerificationMail(verification: event.verification, person: event.person),
                    at: change.now
                )
            },
            Subscriber("letters-password-reset", to: PasswordResets.Needed.self) { event, change in
                try change.schedule(
                    PasswordResetMail(reset: event.reset, person: event.person),
                    at: change.now
                )
            },
            Subscriber("letters-password-changed", to: PasswordResets.Used.self) { event, change in
                try change.schedule(
                    PasswordChangedMail(reset: event.reset, person: event.person),
                    at: change.now
                )
            },
        ]
    }

    var jobs: [JobHandler] {
        [
            JobHandler(outside: VerificationMail.self) { job, errand in
                let path = "/verification/\(verifications.token(for: job.verification))"
                try send("verification", path, id: "v\(job.verification)", to: job.person, errand)
            },
            JobHandler(outside: PasswordResetMail.self) { job, errand in
                let path = "/password-reset/\(passwordResets.token(for: job.reset))"
                try send("password-reset", path, id: "p\(job.reset)", to: job.person, errand)
            },
            JobHandler(outside: PasswordChangedMail.self) { job, errand in
                let path = "/password-reset"
                try send("password-changed", path, id: "c\(job.reset)", to: job.person, errand)
            },
            JobHandler(outside: NoticeMail.self) { job, errand in
                try send("notice", "/notices", id: "n\(job.notice)", to: job.person, errand)
            },
        ]
    }

    /// The letter of that kind, with a link to a page of ours.
    private func send(
        _ kind: String,
        _ path: String,
        id: String,
        to person: Person.ID,
        _ errand: Errand
    ) throws {
        let reached = try errand.database.read { data in
            try records.mailAddress(of: person, in: data)
        }
        // A person whose record was erased gets no more letters.
        guard let reached else { return }
        let words = languages[reached.language] ?? languages.best(acceptLanguage: "")
        try sender.send(
            Letter(
                to: reached.address,
                from: settings.from,
                subject: words(Phrase("mail.\(kind).subject")),
                body: words(
                    Phrase("mail.\(kind).body", ["link": .text(settings.address + path)])
                ),
                messageID: "\(id)@\(settings.host)",
                at: time.now()
            ),
            errand.mayGoOn
        )
    }
}

/// A link to prove an email address.
struct VerificationMail: Job {
    static let name = "channels.verification-mail"
    let verification: Identifier<Verifications>
    let person: Person.ID
}

/// A link to choose a new password.
struct PasswordResetMail: Job {
    static let name = "channels.password-reset-mail"
    let reset: Identifier<PasswordResets>
    let person: Person.ID
}

/// Word that a password was chosen by a link.
struct PasswordChangedMail: Job {
    static let name = "channels.password-changed-mail"
    let reset: Identifier<PasswordResets>
    let person: Person.ID
}

package struct LetterSettings: Sendable {
    /// Where this community is reached, without a slash at the end: https://kith.example.org
    package var address: String
    package var from: String

    package init(address: String, from: String) {
        self.address = address
        self.from = from
    }

    var host: String {
        String(address.split(separator: "/").last?.split(separator: ":").first ?? "localhost")
    }
}
