import Basics
import Identity
import Relationships
import Store

/// Gives a hat for whoever runs the platform: how a community gets its first administrator, who
/// then decides what others ask for.
struct HatDesk: Sendable {
    static let usage = "usage: kith hat give --to NAME --hat HAT"

    let database: Database
    let records: Records

    func answer(_ question: Control.Question) throws -> [String] {
        guard question.words == ["give"] else { throw Unusable(Self.usage) }
        guard let hat = question.hat.flatMap(Hat.init) else {
            let hats = Hat.allCases.map(\.rawValue).joined(separator: ", ")
            throw Unusable("--hat must be one of \(hats)")
        }
        return try database.write { change in
            guard let name = question.name,
                let person = try records.find(named: name, in: change.snapshot)
            else { throw Unusable("--to must be the sign-in name of someone here") }
            guard try !Hats.of(person, in: change.snapshot).contains(hat) else {
                return ["\(name) has it already: \(hat.rawValue)"]
            }
            try Hats.give(hat, to: person, by: nil, in: change)
            return ["\(name) now has: \(hat.rawValue)"]
        }
    }
}
