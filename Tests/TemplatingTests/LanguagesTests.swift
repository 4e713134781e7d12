import Basics
import Testing

@testable import Templating

/// Reading the languages, and choosing one.
@Suite struct LanguagesTests {
    @Test(arguments: [
        (nil, "en-GB"), ("", "en-GB"), ("cy", "cy"), ("cy-GB", "cy"), ("CY", "cy"), ("en", "en-GB"),
        ("en-US,en;q=0.9", "en-GB"), ("fr", "en-GB"), ("fr, cy;q=0.8, en;q=0.7", "cy"),
        ("en;q=0.3, cy;q=0.8", "cy"), ("cy;q=0", "en-GB"), ("*", "en-GB"),
        ("cy;q=0.5, *;q=0.9", "en-GB"),
        ("cy;q=nonsense", "en-GB"), ("cy;q=2", "en-GB"), (";;,,q=", "en-GB"), ("cy ; q=0.9", "cy"),
    ])
    func `the best of ours for what a browser asks`(field: String?, code: String) throws {
        #expect(try Drawn.languages().best(acceptLanguage: field).code == code)
    }

    @Test func `both languages of the folder have all its phrases`() throws {
        let languages = try Languages.load(folder: Drawn.locales)
        #expect(languages.codes == ["en-GB", "cy"])
        #expect(languages.usual.code == "en-GB")
        #expect(languages["fr"] == nil)
        #expect(languages.missing == [])
    }

    @Test func `what one language lacks is listed`() throws {
        let languages = try Drawn.languages(
            english: #"{"a": "a", "b": "b"}"#,
            welsh: #"{"b": "b", "c": "c {d}"}"#
        )
        #expect(languages.missing == ["en-GB lacks c", "cy lacks a"])
        #expect(languages.keys["c"] == ["d"])
    }

    @Test(arguments: [
        (#"{}"#, [:]),
        (#" { "a" : "b" } "#, ["a": "b"]),
        (#"{"a": "\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00"}"#, ["a": "\"\\/\u{8}\u{C}\n\r\tAé😀"]),
        (#"{"a": "Ynys Môn ’"}"#, ["a": "Ynys Môn ’"]),
        (#"{"a": "3 < 4 & 5 > 4; a&b c;"}"#, ["a": "3 < 4 & 5 > 4; a&b c;"]),
    ])
    func `a file of phrases is read`(text: String, phrases: [String: String]) throws {
        let languages = try Drawn.languages(english: text)
        for (key, phrase) in phrases { #expect(languages.usual(key) == phrase) }
    }

    @Test(arguments: [
        ("", "1:1: an object, “{”, is missing here"),
        ("[]", "1:1: an object, “{”, is missing here"),
        ("{", "1:2: a text in double quotation marks is missing here"),
        ("{\"a\"}", "1:5: “:” is missing here"),
        ("{\"a\": 3}", "1:7: a text in double quotation marks is missing here"),
        ("{\"a\": [\"b\"]}", "1:7: a text in double quotation marks is missing here"),
        ("{\"a\": \"b\" \"c\": \"d\"}", "1:11: “,” or “}” is missing here"),
        ("{\"a\": \"b\",}", "1:11: a text in double quotation marks is missing here"),
        ("{\"a\": \"b\"", "1:10: “,” or “}” is missing here"),
        ("{\"a\": \"b}", "1:7: this text has no closing quotation mark"),
        ("{\"a\": \"b\nc\"}", "1:9: a text ends on its own line"),
        (#"{"a": "\x"}"#, "1:10: this escape is not JSON"),
        (#"{"a": "\ud83d"}"#, "this escape is not JSON"),
        (#"{"a": "\u00g0"}"#, "this escape is not JSON"),
        ("{} {}", "1:4: nothing may follow the closing brace"),
        ("{\n \"a\": \"b\",\n \"a\": \"c\"}", "3:2: “a” stands here twice"),
        ("{\"a\": \"\"}", "1:2: this phrase is empty"),
        ("{\"a\": \"<b>b</b>\"}", "1:2: a phrase holds words only: HTML belongs in the template"),
        ("{\"a\": \"</p\"}", "a phrase holds words only"),
        ("{\"a\": \"<!-- b\"}", "a phrase holds words only"),
        ("{\"a\": \"a&nbsp;b\"}", "a phrase holds words only"),
        ("{\"a\": \"a&#39;b\"}", "a phrase holds words only"),
        ("{\"a\": \"{b c}\"}", "1:2: “{b c}” is not a gap"),
        ("{\"a\": \"{}\"}", "1:2: “{}” is not a gap"),
        ("{\"a\": \"{1}\"}", "1:2: “{1}” is not a gap"),
        ("{\"a\": \"{b\"}", "1:2: a brace opens or closes a gap"),
        ("{\"a\": \"b}\"}", "1:2: a brace opens or closes a gap"),
        ("{\"a\": {\"other\": \"b\"}}", "1:2: “a” lacks the plural form “one”"),
        (
            "{\"a\": {\"one\": \"b\", \"other\": \"c\", \"few\": \"d\"}}",
            "“few” is no plural form of en-GB, which has one, other"
        ),
        ("{\"a\": {\"one\": \"b\", \"other\": \"c\", \"one\": \"d\"}}", "“one” stands here twice"),
        (
            "{\"a\": {\"one\": {}, \"other\": \"c\"}}",
            "a text in double quotation marks is missing here"
        ),
        ("{\"dates.day\": \"b\"}", "1:2: “dates.day” stands twice in en-GB"),
    ])
    func `what is wrong with a file of phrases is said, and where`(text: String, problem: String)
        throws
    {
        let error = #expect(throws: TemplateProblems.self) { try Drawn.languages(english: text) }
        #expect(error?.problems.count == 1, "\(error?.problems ?? [])")
        #expect(error?.problems.first?.hasPrefix("en-GB/test.json:") == true)
        #expect(error?.problems.first?.contains(problem) == true, "\(error?.problems ?? [])")
    }

    @Test func `without the words for dates there is no language`() throws {
        let error = #expect(throws: TemplateProblems.self) {
            try Languages(files: [
                "en-GB": [Source(path: "a.json", bytes: Array("{\"dates.day\": \"{hour}\"}".utf8))]
            ])
        }
        #expect(error?.problems.count == Language.needed.count)
        #expect(
            error?.problems.first
                == "a.json:1:2: “dates.day” has the gaps {day}, {month}, {weekday}, and no others"
        )
        #expect(
            error?.problems.contains(
                "en-GB/dates.json: “dates.month.1” is missing, without which no date or amount can "
                    + "be said"
            ) == true
        )
        #expect(throws: TemplateProblems.self) { try Languages(files: [:]) }
    }

    @Test(arguments: [
        ("en-GB", 0, PluralForm.other), ("en-GB", 1, .one), ("en-GB", 2, .other),
        ("en-GB", -1, .one),
        ("cy", 0, .zero), ("cy", 1, .one), ("cy", 2, .two), ("cy", 3, .few), ("cy", 4, .other),
        ("cy", 5, .other), ("cy", 6, .many), ("cy", 7, .other), ("cy", 100, .other),
        ("cy", Int.min, .other),
    ])
    func `plural forms are those of CLDR`(code: String, number: Int, form: PluralForm) {
        #expect(PluralRules(of: code)?.form(of: number) == form)
    }

    @Test func `forms for a number need the rules of their language`() throws {
        let own = #"{"a": {"one": "b", "other": "c"}}"#
        let dates = try Drawn.dates("cy")
        let text = dates.text(0..<dates.bytes.count)
            .replacing(/"dates\.(hours|minutes)": \{(?s:.*?)\n    \}/) {
                "\"dates.\($0.1)\": \"{count}\""
            }
        let files = [
            Source(path: "fr/dates.json", bytes: Array(text.utf8)),
            Source(path: "fr/own.json", bytes: Array(own.utf8)),
        ]
        let error = #expect(throws: TemplateProblems.self) { try Languages(files: ["fr": files]) }
        #expect(
            error?.problems
                == ["fr/own.json:1:2: there are no plural rules for fr: write them, as for Welsh"]
        )
        let french = try Languages(files: ["fr": [files[0]]])
        #expect(french.usual.minutes(Minutes(61)) == "1 1")
    }

    @Test(arguments: [
        ("dates.weekday.1", #"{"one": "a", "other": "b"}"#, "has no plural forms"),
        ("dates.month.12", #""{day}""#, "has no gaps"),
        ("dates.day", #"{"one": "{day}", "other": "{day} {month} {weekday}"}"#, "has no plural"),
        ("dates.day", #""{day} {month}""#, "has the gaps {day}, {month}, {weekday}, and no others"),
        ("dates.day.full", #""{weekday} {day} {month}""#, "{weekday}, {year}, and no others"),
        ("dates.less", #""minus""#, "has the gaps {amount}, and no others"),
        ("dates.hours-and-minutes", #""{hours}""#, "has the gaps {hours}, {minutes}, and no"),
        ("dates.hours", #"{"one": "{count} hour", "other": "hours"}"#, "has the gaps {count}"),
        ("dates.minutes", #"{"one": "{x}", "other": "{count}"}"#, "has the gaps {count}, and no"),
    ])
    func `a phrase that dates and amounts are made of is told where it stands`(
        key: String,
        text: String,
        problem: String
    ) throws {
        let dates = try Drawn.dates("en-GB")
        var lines = dates.text(0..<dates.bytes.count).split(separator: "\n").map(String.init)
        if let open = lines.firstIndex(where: { $0.contains("\"\(key)\": {") }) {
            lines.removeSubrange(open + 1...open + 3)
        }
        let line = try #require(lines.firstIndex { $0.contains("\"\(key)\":") })
        let isLast = line == lines.count - 2
        lines[line] = "    \"\(key)\": \(text)\(isLast ? "" : ",")"
        let source = Source(path: "dates.json", bytes: Array(lines.joined(separator: "\n").utf8))
        let error = #expect(throws: TemplateProblems.self) {
            try Languages(files: ["en-GB": [source]])
        }
        #expect(error?.problems.count == 1, "\(error?.problems ?? [])")
        let told = error?.problems.first ?? ""
        #expect(told.hasPrefix("dates.json:\(line + 1):5: “\(key)” ") == true, "\(told)")
        #expect(told.contains(problem), "\(told)")
    }

    @Test func `a phrase of dates that is missing is told of the file it belongs to`() throws {
        let dates = try Drawn.dates("cy")
        let lines = dates.text(0..<dates.bytes.count).split(separator: "\n")
            .filter { !$0.contains("\"dates.month.3\"") }
        let error = #expect(throws: TemplateProblems.self) {
            try Languages(files: [
                "cy": [
                    Source(path: "cy/a.json", bytes: Array("{}".utf8)),
                    Source(path: dates.path, bytes: Array(lines.joined(separator: "\n").utf8)),
                ]
            ])
        }
        #expect(
            error?.problems == [
                "cy/dates.json:1:1: “dates.month.3” is missing, without which no date or amount "
                    + "can be said"
            ]
        )
    }

    @Test func `one of anything may be said without its number`() throws {
        let dates = try Drawn.dates("en-GB")
        let text = dates.text(0..<dates.bytes.count)
            .replacing("\"{count} hour\"", with: "\"an hour\"")
        let languages = try Languages(files: [
            "en-GB": [Source(path: "dates.json", bytes: Array(text.utf8))]
        ])
        #expect(languages.usual.minutes(Minutes(60)) == "an hour")
    }

    /// Files of nonsense are refused, or read, but never bring the program down.
    @Test func `no file of phrases is too strange to read`() {
        let random = RandomSource.seeded(7)
        let start = Array(#"{"a": "b {c}", "d": {"one": "\u0041<", "other": "&amp; \n"}}"#.utf8)
        for _ in 0..<5000 {
            var file = LocaleFile(Source(path: "a", bytes: random.mutated(start)), code: "cy")
            file.read()
        }
    }

    @Test func `a page is compiled for another language when it is first drawn in it`() throws {
        let languages = try Drawn.languages(
            english: #"{"test.visits": {"one": "{count} visit", "other": "{count} visits"}}"#,
            welsh: #"{"test.visits": {"two": "{count} ymweliad", "other": "{count} o ymweliadau"}}"#
        )
        let page = "<p>{{ t(\"test.visits\", count=count) }}</p>"
        for (code, count, text) in [
            ("cy", 2, "2 ymweliad"), ("cy", 5, "5 o ymweliadau"), ("en-GB", 1, "1 visit"),
        ] {
            let drawn = try Drawn.page(
                page,
                ["count": 9],
                with: ["count": .int(count)],
                languages: languages,
                in: code
            )
            #expect(drawn == "<p>\(text)</p>")
        }
    }

    @Test func `a phrase with plural forms in one language only is found at the start`() throws {
        let languages = try Drawn.languages(
            english: #"{"test.visits": "{count} visits"}"#,
            welsh: #"{"test.visits": {"other": "{count} o ymweliadau"}}"#
        )
        let problems = try Drawn.problems(
            "{{ t(\"test.visits\", count=count) }}",
            ["count": "many"],
            languages: languages
        )
        #expect(problems.count == 1)
        #expect(problems.first?.contains("plural forms only in cy") == true)
    }
}
