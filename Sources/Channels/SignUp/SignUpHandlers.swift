import Basics
import Crypto
import HTTPServer
import Identity
import Store
import Web

struct SignUpHandlers: Sendable {
    let database: Database
    let signUp: SignUp

    func add(to routes: inout Routes) {
        routes.get("/join", for: .anyone, askCode)
        routes.post("/join", for: .anyone, takeCode)
        routes.get("/join/support", for: .anyone, askSupport)
        routes.post("/join/support", for: .anyone, takeSupport)
        routes.get("/join/postcode", for: .anyone, askPostcode)
        routes.post("/join/postcode", for: .anyone, takePostcode)
        routes.get("/join/not-covered", for: .anyone, notCovered)
        routes.get("/join/account", for: .anyone, askAccount)
        routes.post("/join/account", for: .anyone, lane: .slow, takeAccount)
    }

    private func askCode(_: Request, _: Anyone) -> Answer {
        .page(JoinPage(ways: signUp.settings.ways, form: Form(), errors: FormErrors()))
    }

    private func takeCode(_ request: Request, _: Anyone) throws -> Answer {
        try database.write { change in
            let form = request.form
            guard !form["code"].isEmpty else {
                return again(form, Phrase("join.code.missing"))
            }
            do {
                let cookie = try signUp.begin(
                    code: form["code"],
                    from: request.http.clientAddress,
                    in: change
                )
                guard let cookie else { return again(form, Phrase("join.code.wrong")) }
                return .seeOther("/join/support").with(cookie)
            } catch let tooMany as TooManyTries {
                return .page(
                    JoinPage(
                        ways: signUp.settings.ways,
                        form: form,
                        errors: FormErrors("code", tooMany.phrase)
                    ),
                    status: .tooMany
                )
                .with(header: "retry-after", String(tooMany.seconds))
            }
        }
    }

    private func again(_ form: Form, _ phrase: Phrase) -> Answer {
        .page(
            JoinPage(ways: signUp.settings.ways, form: form, errors: FormErrors("code", phrase)),
            status: .unprocessable
        )
    }

    private func askSupport(_ request: Request, _: Anyone) throws -> Answer {
        try step(request) { answers in
            .page(
                JoinSupportPage(
                    form: Form([("support", answers.support?.rawValue ?? "")]),
                    errors: FormErrors()
                )
            )
        }
    }

    private func takeSupport(_ request: Request, _: Anyone) throws -> Answer {
        try database.write { change in
            guard let answers = try signUp.answers(request, in: change.snapshot) else {
                return first
            }
            if answers.isDone { return registered }
            guard let support = SignUp.Support(rawValue: request.form["support"]) else {
                return .page(
                    JoinSupportPage(
                        form: request.form,
                        errors: FormErrors("support", Phrase("join.support.missing"))
                    ),
                    status: .unprocessable
                )
            }
            try signUp.choose(support, request, in: change)
            return .seeOther("/join/postcode")
        }
    }

    private func askPostcode(_ request: Request, _: Anyone) throws -> Answer {
        try step(request) { answers in
            guard answers.support != nil else { return .seeOther("/join/support") }
            return .page(
                JoinPostcodePage(
                    form: Form([("postcode", answers.postcode ?? "")]),
                    errors: FormErrors()
                )
            )
        }
    }

    private func takePostcode(_ request: Request, _: Anyone) throws -> Answer {
        try database.write { change in
            let answers = try signUp.answers(request, in: change.snapshot)
            if answers?.isDone == true { return registered }
            guard answers?.support != nil else { return first }
            guard let postcode = Postcode(request.form["postcode"]) else {
                return .page(
                    JoinPostcodePage(
                        form: request.form,
                        errors: FormErrors("postcode", Phrase("join.postcode.shape"))
                    ),
                    status: .unprocessable
                )
            }
            guard postcode.isIn(signUp.settings.areas) else {
                return .seeOther("/join/not-covered")
            }
            try signUp.locate(postcode, request, in: change)
            return .seeOther("/join/account")
        }
    }

    private func notCovered(_: Request, _: Anyone) -> Answer {
        .page(JoinNotCoveredPage(areas: signUp.settings.areas))
    }

    private func askAccount(_ request: Request, _: Anyone) throws -> Answer {
        try step(request) { answers in
            guard answers.support != nil else { return .seeOther("/join/support") }
            guard answers.postcode != nil else { return .seeOther("/join/postcode") }
            return .page(JoinAccountPage(form: Form(), errors: FormErrors()))
        }
    }

    private func takeAccount(_ request: Request, _: Anyone) throws -> Answer {
        let answers = try database.read { try signUp.answers(request, in: $0) }
        if answers?.isDone == true { return registered }
        guard answers?.postcode != nil else { return first }
        let checked: AccountForm.Checked
        do throws(FormErrors) {
            checked = try AccountForm(form: request.form).checked()
        } catch {
            return again(request, error)
        }
        let new = Registration.NewPerson(
            preferredName: checked.first,
            familyName: checked.last,
            username: checked.username,
            email: checked.email,
            passwordHash: try PasswordHash.make(checked.password),
            language: request.languageCode
        )
        do {
            try database.write { try signUp.register(new, request, in: $0) }
            return registered
        } catch let taken as RegistrationRefusal {
            return again(request, FormErrors(taken.field, taken.phrase))
        }
    }

    private func again(_ request: Request, _ errors: FormErrors) -> Answer {
        .page(JoinAccountPage(form: request.form, errors: errors), status: .unprocessable)
    }

    private var first: Answer { .seeOther("/join") }

    private var registered: Answer { .seeOther("/verification").with(.removing(SignUp.cookie)) }

    /// Steps cannot be leapt.
    private func step(
        _ request: Request,
        _ body: @Sendable (SignUp.Answers) throws -> Answer
    ) throws -> Answer {
        try database.read { data in
            guard let answers = try signUp.answers(request, in: data) else { return first }
            if answers.isDone { return registered }
            return try body(answers)
        }
    }
}

extension RegistrationRefusal {
    fileprivate var field: String {
        switch self {
        case .usernameTaken: "username"
        case .emailTaken: "email"
        }
    }
}
