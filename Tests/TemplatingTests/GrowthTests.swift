import Testing

@testable import Templating

/// What could grow or nest without end is stopped, and what is large is not slow.
@Suite struct GrowthTests {
    @Test(arguments: [
        ("{% if name %}", "{% end %}"), ("{% for n in names %}", "{% end %}"),
        ("{% let n = name %}", "{% end %}"), ("{% component \"s\" %}", "{% end %}"),
    ])
    func `a hundred levels are the most`(open: String, close: String) throws {
        func problems(_ levels: Int) throws -> [String] {
            let page =
                String(repeating: open, count: levels) + "a"
                + String(repeating: close, count: levels)
            return try Drawn.problems(
                page,
                ProblemTests.example,
                and: open.contains("component") ? ["components/s.html": "{{ slot }}"] : [:]
            )
        }
        #expect(try problems(49) == [])
        let tooMany = try problems(5000)
        #expect(!tooMany.isEmpty && tooMany.count <= 2)
        #expect(tooMany.allSatisfy { $0.hasSuffix("this stands more than 100 levels deep") })
    }

    @Test func `files that multiply are stopped`() throws {
        var files: [String: String] = [:]
        for level in 0..<40 {
            let next = "{% include \"\(level + 1).html\" %}{% if name %}{{ name }}{% end %}"
            files["\(level).html"] = next + next
        }
        files["40.html"] = "a"
        let problems = try Drawn.problems(
            "{% include \"0.html\" %}",
            ProblemTests.example,
            and: files
        )
        #expect(problems.count == 1)
        #expect(problems.first?.contains("this page grows too large") == true)
    }

    @Test(arguments: [
        "<p>TEXT</p>", "{{ \"TEXT\" }}", "{{ name | default(\"TEXT\") }}", "{{ t(\"long\") }}",
        "{% let a = \"TEXT\" %}{{ t(\"in\", a=a) }}{% end %}",
    ])
    func `however a long text is multiplied, it is stopped`(part: String) throws {
        let text = String(repeating: "text ", count: 9000)
        let languages = try Drawn.languages(
            english: #"{"long": "short", "in": "{a}"}"#,
            welsh: #"{"long": "LONG", "in": "{a}{a}"}"#.replacing("LONG", with: text)
        )
        let page = String(repeating: "{% include \"part.html\" %}", count: 200)
        let files = ["part.html": part.replacing("TEXT", with: text)]
        let problems = try Drawn.problems(
            page,
            ProblemTests.example,
            and: files,
            languages: languages
        )
        #expect(problems.count == 1)
        #expect(problems.first?.contains("this page grows too large") == true)
    }

    @Test func `names that multiply are stopped`() throws {
        var page = "{% let a0 = yes %}"
        for level in 1..<60 { page += "{% let a\(level) = a\(level - 1) and a\(level - 1) %}" }
        page += "{% if a59 %}{% end %}" + String(repeating: "{% end %}", count: 60)
        let problems = try Drawn.problems(page, ProblemTests.example)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("this page grows too large") == true)
    }

    /// Truth that is known is asked for at every level, and must not be found anew at each.
    @Test(arguments: ["and", "or"])
    func `conditions inside conditions are compiled in time`(word: String) throws {
        var nested = "yes"
        for level in 0..<60 { nested = "(\(level % 2 == 0 ? "yes" : "name") \(word) \(nested))" }
        let page = "{% if \(nested) %}a{% end %}"
        #expect(try Drawn.page(page, ProblemTests.example) == "a")

        var named = "{% let a0 = yes %}"
        for level in 1...60 {
            named += "{% let a\(level) = a\(level - 1) \(word) not name %}"
        }
        named += "{% if a60 %}a{% end %}" + String(repeating: "{% end %}", count: 61)
        #expect(try Drawn.page(named, ProblemTests.example) == (word == "or" ? "a" : ""))
    }

    @Test func `phrases inside phrases are stopped, whatever the language`() throws {
        let languages = try Drawn.languages(
            english: #"{"twice": "{a}"}"#,
            welsh: #"{"twice": "{a} {a}"}"#
        )
        var page = "name"
        for _ in 0..<40 { page = "t(\"twice\", a=\(page))" }
        let problems = try Drawn.problems(
            "{{ \(page) }}",
            ProblemTests.example,
            languages: languages
        )
        #expect(problems.count == 1)
        #expect(problems.first?.contains("this page grows too large") == true)
    }

    @Test func `an expression cannot be nested without end`() throws {
        let deep = String(repeating: "(", count: 100_000)
        #expect(try Drawn.problems("{{ \(deep)name }}", ProblemTests.example).count == 1)
        let long = Array(repeating: "yes", count: 20_000)
        for word in [" and ", " or ", " and not "] {
            #expect(
                try Drawn.problems(
                    "{% if \(long.joined(separator: word)) %}{% end %}",
                    ProblemTests.example
                ) == []
            )
        }
        let nots = String(repeating: "not ", count: 100_001)
        #expect(
            try Drawn.page("{% if \(nots)yes %}a{% else %}b{% end %}", ProblemTests.example) == "b"
        )
        let filters = String(repeating: " | count", count: 1000)
        #expect(try Drawn.problems("{{ names\(filters) }}", ProblemTests.example).count == 1)
    }

    /// Ready-made HTML, since that takes least time.
    @Test(arguments: [
        ("{{ names | join(\"\") }}", "page.html:1:23: “names | join”: the page grows too long"),
        ("{% for n in names %}{{ n }}{% end %}", "“names”: the page grows too long"),
        ("{{ name }}{{ name }}{{ name }}", "the page grows too long"),
    ])
    func `a page that grows too long is not drawn`(page: String, message: String) throws {
        let example: Record = ["name": "Ada", "names": ["a"]]
        let part = Value.html(SafeHTML(trustedHTML: String(repeating: "a", count: 23 << 20)))
        let long: Record = ["name": part, "names": .list([part, part, part, part])]
        let error = #expect(throws: DrawingFault.self) {
            try Drawn.page(page, example, with: long)
        }
        #expect(error?.description.hasSuffix(message) == true, "\(String(describing: error))")
    }

    /// A megabyte on one line is read once, not once for every tag on it.
    @Test func `a large template is compiled in one pass`() throws {
        let page = String(
            repeating: "<p>\(String(repeating: "text ", count: 8)){{ name }}</p>",
            count: 20_000
        )
        #expect(try Drawn.page(page, ["name": "Ada"]).utf8.count == 20_000 * 50)
    }

    @Test func `of many problems in one file the first fifty are told`() throws {
        for page in [
            String(repeating: "{{ ; }}", count: 20_000),
            String(repeating: "{{ a b }}", count: 20_000),
        ] {
            let problems = try Drawn.problems(page)
            #expect((50...52).contains(problems.count))
        }
    }
}
