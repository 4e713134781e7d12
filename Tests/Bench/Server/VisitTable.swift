import FoundationEssentials
import Templating

/// The template alone: a table of a hundred rows with something to escape in each, drawn from a
/// record that is ready, as Jinja2 is given its own ready values.
struct VisitTable {
    static let template = "table.html"

    private let templates: Templates
    private let words: Words
    private let page: Record = [
        "name": "Ben <Calder>", "email": "ben@kith.example",
        "visits": .list((1...100).map { VisitRow.made($0).record }),
    ]

    init() throws {
        let languages = try Languages.load(folder: "Config/locales")
        words = languages.usual
        templates = try Templates.load(
            folder: "Tests/Bench/Templates/table",
            languages: languages,
            pages: [PageShape(name: "TablePage", template: Self.template, example: page)]
        )
    }

    func drawn() throws -> [UInt8] {
        try templates.draw(Self.template, page, words: words)
    }

    func microseconds(for seconds: Double) throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        var count = 0
        var bytes: [UInt8] = []
        while clock.now - start < .seconds(seconds) {
            for _ in 0..<100 {
                bytes.removeAll(keepingCapacity: true)
                try templates.draw(Self.template, page, site: [:], words: words, into: &bytes)
            }
            count += 100
        }
        return (clock.now - start) / .microseconds(1) / Double(count)
    }
}
