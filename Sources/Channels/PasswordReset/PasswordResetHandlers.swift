import Basics
import Crypto
import HTTPServer
import Identity
import Store
import Web

struct PasswordResetHandlers: Sendable {
    let database: Database
    let resets: PasswordResets
    let time: TimeSource
    let mailbox: String?

    func add(to routes: inout Routes) {
        routes.get("/password-reset", for: .anyone) { _, _ in
            .page(PasswordResetPage(form: Form(), errors: FormErrors()))
        }
        routes.post("/password-reset", for: .anyone, ask)
        routes.get("/password-reset/sent", for: .anyone) { _, _ in
            .page(PasswordResetSentPage(mailbox: mailbox))
        }
        routes.get("/password-reset/{token}", for: .anyone, show)
        routes.post("/password-reset/{token}", for: .anyone, lane: .slow, choose)
    }

    private func ask(_ request: Request, _: Anyone) throws -> Answer {
        let form = request.form
        guard !form["name"].isEmpty else {
            let missing = Phrase("identity.sign-in.name-missing")
            return .page(
                PasswordResetPage(form: form, errors: FormErrors("name", missing)),
                status: .unprocessable
            )
        }
        return try database.write { change in
            do {
                try resets.ask(form["name"], from: request.http.clientAddress, in: change)
                return .seeOther("/password-reset/sent")
            } catch let tooMany as TooManyTries {
                return .page(
                    PasswordResetPage(form: form, errors: FormErrors("name", tooMany.phrase)),
                    status: .tooMany
                )
                .with(header: "retry-after", String(tooMany.seconds))
            }
        }
    }

    /// Mail programs open links by themselves, so looking uses nothing up.
    private func show(_ request: Request, _: Anyone) throws -> Answer {
        let token = request.parameters["token"] ?? ""
        guard try isOpen(token) else { return over }
        return .page(NewPasswordPage(token: token, errors: FormErrors()))
    }

    private func choose(_ request: Request, _: Anyone) throws -> Answer {
        let token = request.parameters["token"] ?? ""
        // Before the password is hashed, which takes long.
        guard try isOpen(token) else { return over }
        let password = request.form.exact("password")
        var errors = FormErrors()
        if let problem = PersonRules.password(password) { errors.add("password", problem) }
        if request.form.exact("again") != password {
            errors.add("again", Phrase("password-reset.not-the-same"))
        }
        guard errors.isEmpty else {
            return .page(NewPasswordPage(token: token, errors: errors), status: .unprocessable)
        }
        let hash = try PasswordHash.make(password)
        do {
            let cookie = try database.write {
                try resets.use(token, passwordHash: hash, in: $0)
            }
            return .seeOther("/", flash: "password-reset.done").with(cookie)
        } catch is PasswordResetRefusal {
            return over
        }
    }

    private func isOpen(_ token: String) throws -> Bool {
        try database.read { try resets.isOpen(token, at: time.now(), in: $0) }
    }

    private var over: Answer {
        .seeOther("/password-reset", flash: "identity.password-reset.over")
    }
}
