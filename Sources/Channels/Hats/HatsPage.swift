package import Basics
import HTTPServer
import Identity
import Relationships
import Store
package import Templating
import Web

/// What a person does here, has asked to do, and may ask to do (HAT-06).
package struct HatsPage: Page {
    struct Asked: Sendable {
        let hat: Hat
        let day: CivilDay
    }

    struct Choice: Sendable {
        let hat: Hat
        /// Why it was not given the last time, if it was asked for before.
        let reason: String?
    }

    package static let template = "hats.html"
    package static let example = HatsPage(
        held: [.gettingSupport],
        asked: [Asked(hat: .givingSupport, day: CivilDay(dayNumber: 20_776))],
        choices: [Choice(hat: .facilitator, reason: "Let us talk about it first.")]
    )

    let held: [Hat]
    let asked: [Asked]
    let choices: [Choice]

    package var title: Phrase { Phrase("hats.title") }

    package func record(_ words: Words) -> Record {
        [
            "held": .list(held.map { .text(words($0.phrase)) }),
            "asked": .list(
                asked.map { line in
                    .record([
                        "hat": .text(line.hat.rawValue),
                        "label": .text(words(line.hat.phrase)),
                        "day": .text(words.day(line.day)),
                    ])
                }
            ),
            "choices": .list(
                choices.map { choice in
                    .record([
                        "hat": .text(choice.hat.rawValue),
                        "label": .text(words(choice.hat.phrase)),
                        "hint": .text(words(Phrase("hats.hint.\(choice.hat.rawValue)"))),
                        "reason": .optional(choice.reason),
                    ])
                }
            ),
        ]
    }
}

extension Hat {
    var phrase: Phrase { Phrase("hat.\(rawValue)") }
}

struct HatsHandlers: Sendable {
    let database: Database
    let records: Records
    let zone: CivilZone

    func add(to routes: inout Routes) {
        routes.get("/hats", for: .signedIn, show)
        routes.post("/hats/asking", for: .signedIn, ask)
        routes.post("/hats/withdrawal", for: .signedIn, withdraw)
    }

    private func show(_: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            let all = try Hats.all(of: person.id, in: data)
            let taken = all.filter { $0.state != .declined }.map(\.hat)
            var choices: [HatsPage.Choice] = []
            for hat in Hat.open where !taken.contains(hat) {
                let refused = all.first { $0.hat == hat }
                choices.append(
                    HatsPage.Choice(hat: hat, reason: try reason(of: refused, person, data))
                )
            }
            return .page(
                HatsPage(
                    held: all.filter { $0.state == .held }.map(\.hat),
                    asked: all.filter { $0.state == .requested }.map {
                        HatsPage.Asked(hat: $0.hat, day: zone.day(of: $0.requestedAt))
                    },
                    choices: choices
                )
            )
        }
    }

    private func reason(
        of request: HatRequest?,
        _ person: SignedIn,
        _ data: borrowing Snapshot
    ) throws -> String? {
        guard let request, let reason = request.reason else { return nil }
        return try records.open(
            reason,
            at: .hatReason(request.hat, of: person.id),
            under: try records.disclose(.hat, of: person.id, to: person.acting, in: data),
            in: data
        )
    }

    private func ask(_ request: Request, _ person: SignedIn) throws -> Answer {
        guard let hat = Hat(rawValue: request.form["hat"]), Hat.open.contains(hat) else {
            throw NotThere()
        }
        return try database.write { change in
            try Hats.request(hat, for: person.id, in: change)
            return .seeOther("/hats", flash: "hats.asked")
        }
    }

    private func withdraw(_ request: Request, _ person: SignedIn) throws -> Answer {
        guard let hat = Hat(rawValue: request.form["hat"]) else { throw NotThere() }
        return try database.write { change in
            try Hats.withdraw(hat, by: person, in: change)
            return .seeOther("/hats", flash: "hats.withdrawn")
        }
    }
}
