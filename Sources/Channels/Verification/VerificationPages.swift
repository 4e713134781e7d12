package import Basics
import Identity
import Store
package import Templating
import Web

/// "Look in your email": after registering, and after signing in unconfirmed.
package struct VerificationPage: Page {
    package static let template = "verification.html"
    package static let example = VerificationPage(mailbox: "/demonstration/mail")

    /// Where this community's mail can be read, in a demonstration; nil where it is really sent.
    let mailbox: String?

    package var title: Phrase { Phrase("verification.title") }

    package func record(_: Words) -> Record {
        ["mailbox": mailbox.map { .text($0) } ?? .none]
    }
}

/// The page behind the link. Confirming takes a button, since mail programs open links by
/// themselves and a GET changes nothing.
package struct VerificationLinkPage: Page {
    package static let template = "verification/link.html"
    package static let example = VerificationLinkPage(token: "0c4f-abc")

    let token: String

    package var title: Phrase { Phrase("verification.link.title") }

    package func record(_: Words) -> Record {
        ["token": .text(token)]
    }
}

struct VerificationHandlers: Sendable {
    let database: Database
    let verifications: Verifications
    let mailbox: String?

    func add(to routes: inout Routes) {
        routes.get("/verification", for: .anyone) { _, _ in
            .page(VerificationPage(mailbox: mailbox))
        }
        routes.get("/verification/{token}", for: .anyone) { request, _ in
            .page(VerificationLinkPage(token: request.parameters["token"] ?? ""))
        }
        routes.post("/verification/{token}", for: .anyone, submit)
    }

    private func submit(_ request: Request, _: Anyone) throws -> Answer {
        try database.write { change in
            _ = try verifications.use(request.parameters["token"] ?? "", in: change)
            return .seeOther("/sign-in", flash: "verification.done")
        }
    }
}
