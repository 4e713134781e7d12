package import Basics
import Identity
import Relationships
import Store
package import Templating
import Web

/// The public front page.
package struct LandingPage: Page {
    package static let template = "index.html"
    package static let example = LandingPage()

    package var title: Phrase { Phrase("landing.title") }

    package func record(_: Words) -> Record { [:] }
}

/// The first page of someone who has no hat yet: what was asked for, and what happens next.
package struct WelcomePage: Page {
    package static let template = "welcome.html"
    package static let example = WelcomePage(name: "Freddie", requested: [.gettingSupport])

    let name: String
    let requested: [Hat]

    package var title: Phrase { Phrase("welcome.title") }

    package func record(_ words: Words) -> Record {
        [
            "name": .text(name),
            "requested": .list(requested.map { .text(words(Phrase("hat.\($0.rawValue)"))) }),
        ]
    }
}

struct LandingHandlers: Sendable {
    let database: Database
    let records: Records

    func add(to routes: inout Routes) {
        routes.get("/", for: .anyone, show)
        routes.get("/welcome", for: .signedIn, welcome)
    }

    /// The first page is where most of the person's day is.
    private func show(_ request: Request, _: Anyone) throws -> Answer {
        guard let person = request.identified as? SignedIn else { return .page(LandingPage()) }
        return try database.read { data in
            .seeOther(Frames.home(for: try Hats.of(person.id, in: data)))
        }
    }

    private func welcome(_: Request, _ person: SignedIn) throws -> Answer {
        try database.read { data in
            .page(
                WelcomePage(
                    name: try records.name(of: person.id, to: person.acting, in: data).preferred,
                    requested: try Hats.requested(by: person.id, in: data)
                )
            )
        }
    }
}
