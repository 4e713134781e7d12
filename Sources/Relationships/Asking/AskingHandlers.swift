import Basics
import Identity
import Store
import Web

struct AskingHandlers: Sendable {
    let database: Database
    let records: Records

    func add(to routes: inout Routes) {
        routes.get("/relationships/new", for: .signedIn) { request, _ in
            let form = Form([("role", request.query["role"])])
            return .page(AskingPage(form: form, errors: FormErrors()))
        }
        routes.post("/relationships", for: .signedIn, submit)
        routes.post("/askings/{id}/withdrawal", for: .signedIn, withdraw)
    }

    private func submit(_ request: Request, _ person: SignedIn) throws -> Answer {
        let form = request.form
        return try database.write { change in
            do {
                let plan = try AskingForm(form: form).checked()
                try Asking.ask(plan, by: person, records, in: change)
                return .seeOther(plan.role.list, flash: "asking.done")
            } catch let errors as FormErrors {
                return again(form, errors)
            } catch RelationshipRefusal.alreadyThere {
                return again(form, FormErrors("name", Phrase("relationship.already-there")))
            }
        }
    }

    private func again(_ form: Form, _ errors: FormErrors) -> Answer {
        .page(AskingPage(form: form, errors: errors), status: .unprocessable)
    }

    private func withdraw(_ request: Request, _ person: SignedIn) throws -> Answer {
        try database.write { change in
            let role = try Asking.withdraw(request.id(), by: person, in: change)
            return .seeOther(role.list, flash: "asking.withdrawn")
        }
    }
}

extension Asking.Role {
    /// The page that lists it.
    var list: String { supports ? "/people" : "/team" }
}
