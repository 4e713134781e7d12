import FoundationEssentials
import Web

/// What the interface for programs is, for programs: an OpenAPI document. It is written by hand
/// and held against the routes and their answers by the tests.
struct Interface: Sendable {
    private let document: [UInt8]

    init(home: String) throws {
        let path = home + "/Config/openapi.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Unusable("\(path) is missing")
        }
        document = Array(data)
    }

    func add(to routes: inout Routes) {
        routes.get("/api/openapi.json", for: .anyone) { _, _ in .json(document) }
    }
}
