package import Basics
import HTTPServer
import Store
package import Templating
package import Web

package struct SignInPage: Page {
    package static let template = "sign-in.html"
    package static let example = SignInPage(
        form: Form([("name", "ben"), ("back", "/week")]),
        errors: FormErrors("name", Phrase("identity.sign-in.wrong"))
    )

    let form: Form
    package let errors: FormErrors

    package var title: Phrase { Phrase("identity.sign-in.title") }

    package func record(_ words: Words) -> Record {
        [
            "name": form.field("name", errors, words),
            "password": Form().field("password", errors, words),
            "back": .text(form["back"]),
        ]
    }
}

package struct SignInHandlers: Sendable {
    let signIn: SignIn

    package func add(to routes: inout Routes) {
        routes.get("/sign-in", for: .anyone, show)
        routes.post("/sign-in", for: .anyone, lane: .slow, submit)
        routes.post("/sign-out", for: .anyone, signOut)
    }

    private func show(_ request: Request, _: Anyone) throws -> Answer {
        if request.identified is SignedIn { return .seeOther("/") }
        return .page(
            SignInPage(form: Form([("back", request.query["back"])]), errors: FormErrors())
        )
    }

    private func submit(_ request: Request, _: Anyone) throws -> Answer {
        let form = request.form
        var errors = FormErrors()
        if form["name"].isEmpty { errors.add("name", Phrase("identity.sign-in.name-missing")) }
        if form.exact("password").isEmpty {
            errors.add("password", Phrase("identity.sign-in.password-missing"))
        }
        guard errors.isEmpty else { return again(form, errors) }
        do {
            let outcome = try signIn.signIn(
                name: form["name"],
                password: form.exact("password"),
                from: request.http.clientAddress,
                replacing: request.cookie(.session)
            )
            switch outcome {
            case .wrong: return again(form, FormErrors("name", Phrase("identity.sign-in.wrong")))
            case .confirmFirst: return .seeOther("/verification")
            case .signedIn(_, let cookie):
                return .seeOther(LocalPath(form["back"])?.text ?? "/").with(cookie)
            }
        } catch let tooMany as TooManyTries {
            return again(form, FormErrors("name", tooMany.phrase), .tooMany)
                .with(header: "retry-after", String(tooMany.seconds))
        }
    }

    private func again(
        _ form: Form,
        _ errors: FormErrors,
        _ status: PageStatus = .unprocessable
    ) -> Answer {
        .page(SignInPage(form: form, errors: errors), status: status)
    }

    /// Signing out twice, or without being signed in, is no mistake.
    private func signOut(_ request: Request, _: Anyone) throws -> Answer {
        let answer = Answer.seeOther("/sign-in", flash: "identity.sign-out.done")
            .with(.removing(.session))
            .with(header: "clear-site-data", "\"cache\", \"storage\"")
        guard let token = request.cookie(.session) else { return answer }
        try signIn.database.write { change in
            try signIn.sessions.end(token, in: change)
            guard let person = request.identified as? SignedIn else { return }
            try Audit.record(
                .signedOut,
                .session,
                about: person.id,
                by: person.acting,
                because: .own,
                in: change
            )
        }
        return answer
    }
}
