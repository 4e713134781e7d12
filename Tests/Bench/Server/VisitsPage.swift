import Basics
import Templating
import Web

struct VisitsPage: Page {
    static let template = "visits.html"
    static let example = VisitsPage(
        reader: Reader(name: "Ben", email: "ben@kith.example", bio: "Lives nearby"),
        balance: 30,
        visits: [VisitRow.made(1)]
    )

    struct Reader: Sendable {
        let name: String
        let email: String
        let bio: String
    }

    let reader: Reader
    let balance: Int
    let visits: [VisitRow]

    var title: Phrase { Phrase("web.example") }

    func record(_: Words) -> Record {
        [
            "name": .text(reader.name), "email": .text(reader.email), "bio": .text(reader.bio),
            "balance": .int(balance), "visits": .list(visits.map(\.record)),
        ]
    }
}

struct VisitRow: Sendable {
    let id: Int
    /// Seconds, as the database has them, or words.
    let at: Value
    let title: String
    let note: String
    let status: String
    let helper: String

    var record: Record {
        [
            "id": .int(id), "at": at, "title": .text(title), "note": .text(note),
            "status": .text(status), "helper": .text(helper),
        ]
    }

    /// The same that `jinja_table.py` makes.
    static func made(_ number: Int) -> VisitRow {
        VisitRow(
            id: 1000 + number,
            at: "2026-11-\(number % 20 + 10) 09:00",
            title: "Shopping & lunch #\(number)",
            note: "Bring \"the <blue> bag\" & don't forget the list of things",
            status: number % 3 == 0 ? "open" : "confirmed",
            helper: number % 2 == 0 ? "Ada O'Neill" : "Cora Lloyd-Davies"
        )
    }
}
