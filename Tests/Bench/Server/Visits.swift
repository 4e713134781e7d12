import Identity
import Store
import Templating
import Web

/// The logged-in page that every peer serves: three queries, fifty rows, about 19 kB.
struct Visits: Sendable {
    let database: Database

    func add(to routes: inout Routes) {
        routes.get("/", for: .anyone, lane: .bare) { _, _ in .text("Hello, World!") }
        routes.get("/visits", for: Asker.access) { _, asker in try page(of: asker) }
        routes.get("/disclosed", for: Asker.access) { _, asker in
            asker.noteShown()
            return try page(of: asker)
        }
    }

    private func page(of asker: Asker) throws -> Answer {
        try database.read { data in
            let person = try data.first(
                "SELECT name, email, bio FROM person WHERE id = \(asker.person)"
            ) { row in
                VisitsPage.Reader(name: try row[0], email: try row[1], bio: try row[2])
            }
            let balance: Int64? = try data.value(
                "SELECT balance FROM account WHERE id = \(asker.person)"
            )
            let visits = try data.all(
                """
                SELECT id, at, title, note, status, helper
                FROM visit
                WHERE person = \(asker.person)
                ORDER BY at DESC
                LIMIT 50
                """
            ) { row in
                let id: Int64 = try row[0]
                let at: Int64 = try row[1]
                return VisitRow(
                    id: Int(id),
                    at: .int(Int(at)),
                    title: try row[2],
                    note: try row[3],
                    status: try row[4],
                    helper: try row[5]
                )
            }
            guard let person, let balance else { throw SignInNeeded() }
            return .page(VisitsPage(reader: person, balance: Int(balance), visits: visits))
        }
    }
}
