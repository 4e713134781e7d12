import Basics
import Testing

@testable import Templating

/// What happens when a page is drawn with values that its example did not promise.
@Suite struct DrawingTests {
    static let example: Record = [
        "name": "Ada",
        "note": "a",
        "person": ["name": "Ben", "address": ["town": "Hebden Bridge"]],
        "visits": [["time": "9:00", "note": "a"]],
        "names": ["a"],
        "count": 1,
    ]

    private static func with(
        note: Value = "a",
        person: Value = ["name": "Ben", "address": ["town": "Todmorden"]],
        visits: Value = [["time": "9:00", "note": "a"]],
        names: Value = ["a"],
        count: Value = 1
    ) -> Record {
        [
            "name": "Ada", "note": note, "person": person, "visits": visits, "names": names,
            "count": count,
        ]
    }

    private func failure(_ page: String, _ record: Record) throws -> String? {
        do {
            _ = try Drawn.page("\n" + page, Self.example, with: record, languages: Self.languages)
            return nil
        } catch let fault as DrawingFault {
            return fault.description
        }
    }

    private static var languages: Languages {
        get throws {
            try Drawn.languages(
                english: #"{"n": {"one": "{count} visit", "other": "{count} visits"}, "g": "{a}"}"#,
                welsh: #"{"n": {"other": "{count} ymweliad"}, "g": "{a}"}"#
            )
        }
    }

    @Test func `nothing is false in a condition, and may be drawn inside it`() throws {
        let page =
            "{% if note %}{{ note }}{% else %}-{% end %}{% if person.name %}p{% end %}"
            + "{% if not person.address.town %}n{% end %}{{ note | default(\"none\") }}"
            + "{% if person.name == \"Ben\" %}b{% end %}{% if person.name != \"Ben\" %}c{% end %}"
            + "{% if person.name == name %}d{% end %}{% if person.address.town != name %}e{% end %}"
            + "{% if person.name or note %}f{% end %}{% if names %}g{% end %}{{ person.name | default(\"nobody\") }}"
        #expect(
            try Drawn.page(
                page,
                Self.example,
                with: Self.with(note: .none, person: .none, names: .none)
            )
                == "-nnonecenobody"
        )
        #expect(
            try Drawn.page(page, Self.example, with: Self.with(note: "a"))
                == "apabefgBen"
        )
    }

    @Test(arguments: [
        (
            "{{ note }}", with(note: .none),
            "page.html:2:4: “note”: it has no value: ask {% if … %} first"
        ),
        ("<p title=\"{{ note }}\">", with(note: .none), "page.html:2:14: “note”: it has no value"),
        (
            "{{ person.name }}", with(person: .none),
            "“person.name”: a record on the way to it is missing"
        ),
        (
            "{{ person.address.town }}", with(person: ["name": "B", "address": .none]),
            "a record on the way to it is missing"
        ),
        (
            "{{ person.address.town }}", with(person: ["name": "B", "address": 1]),
            "there is no record on the way to it"
        ),
        ("{{ note }}", with(note: true), "“note”: it cannot be drawn"),
        ("{{ note }}", with(note: ["a"]), "“note”: it cannot be drawn"),
        ("{{ names | join(\",\") }}", with(names: .none), "“names | join”: it has no value"),
        ("{{ names | join(\",\") }}", with(names: ["a", .none]), "it has no value"),
        ("{{ names | count }}", with(names: "a"), "it is not a list"),
        (
            "{% for n in names %}{% end %}", with(names: .none),
            "page.html:2:13: “names”: it has no value"
        ),
        (
            "{% for v in visits %}{{ v.time }}{% end %}", with(visits: ["a"]),
            "“visits”: an element of the list is not a record"
        ),
        (
            "{% for v in visits %}{{ v.note }}{% end %}",
            with(visits: [["time": "1", "note": .none]]),
            "page.html:2:25: “v.note”: it has no value"
        ),
        (
            "{{ t(\"n\", count=count) }}", with(count: .none),
            "“count”: the count that chooses the plural form is missing"
        ),
        ("{{ t(\"g\", a=note) }}", with(note: .none), "“note”: it has no value"),
    ])
    func `a value that is missing is an error, never a gap`(
        page: String,
        record: Record,
        message: String
    ) throws {
        let failure = try failure(page, record)
        #expect(
            failure?.hasPrefix("drawing page.html: page.html:2:") == true,
            "\(failure ?? "drawn")"
        )
        #expect(failure?.contains(message) == true, "\(failure ?? "drawn")")
    }

    @Test(arguments: [
        ("{{ name }}", ["name": "Ada"] as Record),
        ("{{ name }}", ["note": "a", "name": "Ada"] as Record),
        ("{{ person.name }}", with(person: ["address": ["town": "T"], "name": "Ben"])),
        ("{{ person.name }}", with(person: [:])),
        ("{{ person.address.town }}", with(person: ["name": "Ben", "address": ["city": "T"]])),
        (
            "{% for v in visits %}{{ v.time }}{% end %}",
            with(visits: [["note": "a", "time": "9:00"]])
        ),
        (
            "{% for v in visits %}{{ v.time }}{% end %}",
            with(visits: [["time": "9:00", "note": "a"], ["time": "9:00"]])
        ),
    ])
    func `a record of another shape is an error, never a wrong value`(page: String, record: Record)
        throws
    {
        let failure = try failure(page, record)
        #expect(failure?.contains(" has the names ") == true, "\(failure ?? "drawn")")
    }

    @Test func `the site's record must have its shape too`() throws {
        let templates = try Drawn.templates(
            ["page.html": "{# page TestPage #}{{ site.name }}"],
            [:],
            site: ["name": "Calder"]
        )
        let words = try Drawn.languages().usual
        #expect(
            try templates.draw("page.html", [:], site: ["name": "Todmorden"], words: words)
                == Array("Todmorden".utf8)
        )
        #expect(throws: DrawingFault.self) {
            try templates.draw("page.html", [:], site: [:], words: words)
        }
    }

    @Test func `an error leaves what was drawn before as it was`() throws {
        let templates = try Drawn.templates(
            ["page.html": "{# page TestPage #}new {{ x }}"],
            ["x": "a"]
        )
        let words = try Drawn.languages().usual
        var bytes = Array("old ".utf8)
        #expect(throws: DrawingFault.self) {
            try templates.draw("page.html", ["x": .none], site: [:], words: words, into: &bytes)
        }
        #expect(bytes == Array("old ".utf8))
        try templates.draw("page.html", ["x": "b"], site: [:], words: words, into: &bytes)
        #expect(bytes == Array("old new b".utf8))
    }

    @Test func `a template or a language that nobody knows is an error`() throws {
        let templates = try Drawn.templates(["page.html": "{# page TestPage #}"], [:])
        let usual = try Drawn.languages().usual
        #expect(throws: DrawingFault.self) { try templates.draw("gone.html", [:], words: usual) }
        let french = Words(language: Language(code: "fr", phrases: [:]))
        #expect(throws: DrawingFault.self) { try templates.draw("page.html", [:], words: french) }
    }

    @Test func `default is for what is missing, and 0 is there`() throws {
        let page =
            "{{ count | default(\"none\") }} {{ note | default(\"none\") }} "
            + "{{ names | join(\"+\") | default(\"none\") }} {{ person.name | default(\"none\") }}"
        #expect(
            try Drawn.page(
                page,
                Self.example,
                with: Self.with(note: "", person: .none, names: [], count: 0)
            ) == "0 none none none"
        )
        #expect(
            try Drawn.page(
                page,
                Self.example,
                with: Self.with(note: "0", names: ["", ""], count: .none)
            ) == "none 0 + Ben"
        )
        let box = ["components/box.html": "{{ size | default(\"none\") }}"]
        #expect(
            try Drawn.page(
                "{% component \"box\" size=0 %}{% end %} {% component \"box\" size=\"\" %}{% end %}",
                and: box
            ) == "0 none"
        )
    }

    @Test func `numbers are drawn whole`() throws {
        let long = [99_999_999, 100_000_000, 1_770_000_000, 10_000_000_000_000_001]
        for number in [0, 7, 10, 99, 100, -1, 1_234_567, Int.max, Int.min] + long {
            #expect(try Drawn.page("{{ n }}", ["n": .int(number)]) == String(number))
        }
    }

    @Test func `each language has its own words`() throws {
        let languages = try Self.languages
        let page =
            "{{ t(\"n\", count=count) }}, {{ t(\"dates.month.11\") }}, {{ t(\"n\", count=1) }}"
        let example: Record = ["count": 2]
        #expect(
            try Drawn.page(page, example, languages: languages)
                == "2 visits, November, 1 visit"
        )
        #expect(
            try Drawn.page(page, example, languages: languages, in: "cy")
                == "2 ymweliad, Tachwedd, 1 ymweliad"
        )
    }

    @Test func `every plural form of Welsh is chosen by its number`() throws {
        let languages = try Drawn.languages(
            english: #"{"n": {"one": "1", "other": "o {count} {who}"}}"#,
            welsh:
                #"{"n": {"zero": "z", "one": "1", "two": "2 {who}", "few": "f", "many": "m", "other": "o"}}"#
        )
        let page = "{% for n in ns %}{{ t(\"n\", count=n, who=who) }},{% end %}"
        let example: Record = ["ns": [0, 1, 2, 3, 4, 5, 6, 7, 20, 101], "who": "<"]
        #expect(
            try Drawn.page(page, example, languages: languages, in: "cy")
                == "z,1,2 &lt;,f,o,o,m,o,o,o,"
        )
        #expect(
            try Drawn.page(
                "{{ t(\"n\", count=ns | count, who=who) }}",
                example,
                languages: languages
            )
                == "o 10 &lt;"
        )
    }

    /// A list of 100,000 takes about ten times as long as one of 10,000; were it a hundred times,
    /// the test would not end.
    @Test func `a long list is drawn in one pass`() throws {
        let rows = (0..<100_000).map { ["time": .int($0), "note": "a"] as Record }
        let page = "{% for v in visits %}<li>{{ v.time }}{% if loop.last %}.{% end %}{% end %}"
        let drawn = try Drawn.page(page, Self.example, with: Self.with(visits: .list(rows)))
        #expect(drawn.utf8.count == 100_000 * 4 + 488_890 + 1)
        #expect(drawn.hasSuffix("<li>99999."))
    }

    @Test func `a page cannot grow without end`() throws {
        let rows = (0..<300).map { _ in ["time": "", "note": "a"] as Record }
        let inner = "{% for a in visits %}{% for b in visits %}{% for c in visits %}"
        let page = inner + String(repeating: "x", count: 4000) + "{% end %}{% end %}{% end %}"
        let failure = try failure(page, Self.with(visits: .list(rows)))
        #expect(
            failure == "drawing page.html: page.html:2:55: “visits”: the page grows too long",
            "\(failure ?? "drawn")"
        )
    }
}
