package import Basics
import FoundationEssentials
package import Templating
import Web

/// The demonstration's letters, for a newcomer without a mail server. Never outside `--demo`.
package struct MailboxPage: Page {
    struct Line: Sendable {
        let subject: String
        let to: String
        let body: String
        let link: String?
    }

    package static let template = "demonstration/mail.html"
    package static let example = MailboxPage(lines: [
        Line(
            subject: "Confirm your email",
            to: "freddie@example.org",
            body: "Open this link.",
            link: "/verification/0c4f-abc"
        )
    ])

    let lines: [Line]

    package var title: Phrase { Phrase("mailbox.title") }

    package func record(_: Words) -> Record {
        [
            "lines": .list(
                lines.map { line in
                    .record([
                        "subject": .text(line.subject),
                        "to": .text(line.to),
                        "body": .text(line.body),
                        "link": line.link.map { .text($0) } ?? .none,
                    ])
                }
            )
        ]
    }
}

/// Keeps the latest letters in memory, and shows them. They are the demonstration's own, of
/// people who do not exist.
package final class Mailbox: Sendable {
    static let path = "/demonstration/mail"
    private let letters = MailboxLetters()

    package init() {}

    /// A sender that also keeps what it sends.
    package func keeping(_ sender: MailSender) -> MailSender {
        MailSender { letter, mayGoOn in
            try sender.send(letter, mayGoOn)
            self.letters.add(letter)
        }
    }

    func add(to routes: inout Routes, address: String) {
        routes.get(Mailbox.path, for: .anyone) { _, _ in
            .page(
                MailboxPage(
                    lines: self.letters.latest.map { letter in
                        MailboxPage.Line(
                            subject: letter.subject,
                            to: letter.to,
                            body: letter.body,
                            link: Mailbox.link(in: letter.body, address)
                        )
                    }
                )
            )
        }
    }

    private static func link(in body: String, _ address: String) -> String? {
        body.split(whereSeparator: \.isWhitespace)
            .first { $0.hasPrefix(address + "/") }
            .map { String($0.dropFirst(address.count)) }
    }
}
