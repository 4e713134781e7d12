import Testing

@testable import Templating

/// Everything that stops a start: where it is said to be, and what is said.
@Suite struct ProblemTests {
    static let example: Record = [
        "name": "Ada",
        "count": 3,
        "yes": true,
        "html": .html(SafeHTML(trustedHTML: "<b>")),
        "person": ["name": "Ben"],
        "missing": .none,
        "names": ["a"],
        "flags": [true],
        "empty": [],
        "visits": [["time": "9:00", "note": .none], ["time": "9:00", "note": "a"]],
    ]

    static let english = #"""
        {"plain": "Hello", "gap": "Hello {name}", "both": "{a} {b}", "only.en": "a",
         "visits": {"one": "One visit", "other": "{count} visits"}}
        """#
    static let welsh = #"""
        {"plain": "Helo", "gap": "Helo {name}", "both": "{a}", "only.cy": "a",
         "visits": {"other": "{count} ymweliad"}}
        """#

    /// The page stands on line 2, and `column` is counted there.
    @Test(arguments: [
        // The words of a tag.
        ("{{ name", 1, "this tag is never closed"),
        ("{% if name", 1, "this tag is never closed"),
        ("{# name", 1, "this tag is never closed"),
        ("{{ }}", 1, "a value is missing here"),
        ("{{ name name }}", 9, "this is one thing too many"),
        ("{{ name ? }}", 9, "“?” has no meaning in a tag"),
        ("{{ ŵ }}", 4, "“ŵ” has no meaning in a tag"),
        ("ŵŵ{{ ; }}", 6, "“;” has no meaning in a tag"),
        ("{{ \"a }}", 4, "this text has no closing quotation mark on its line"),
        ("{{ 99999999999999999999 }}", 4, "this number is too large"),
        ("{{ and }}", 4, "a value is missing here"),
        ("{{ name and }}", 9, "a value is missing here"),
        ("{{ (name }}", 5, "“)” is missing here"),
        ("{{ person. }}", 10, "a name is missing after the dot"),
        ("{{ name | }}", 9, "the filter's name is missing here"),
        ("{{ name | upper }}", 11, "there is no filter “upper”"),
        ("{{ names | join }}", 12, "“(” is missing here"),
        ("{{ names | join(2) }}", 17, "the text that joins is missing here, in quotation marks"),
        ("{{ t(plain) }}", 6, "the phrase's key is missing here, in quotation marks"),
        ("{{ t(\"gap\", name=name, name=name) }}", 24, "“name” is given twice"),
        ("{% %}", 1, "a tag begins with a word"),
        ("{% while name %}{% end %}", 1, "there is no tag “while”"),
        ("{% if name %}", 1, "this if has no {% end %}"),
        ("{% for n in names %}", 1, "this for has no {% end %}"),
        ("{% let n = name %}", 1, "this let has no {% end %}"),
        ("{% block a %}", 1, "this block has no {% end %}"),
        ("{% component \"a\" %}", 1, "this component has no {% end %}"),
        ("a{% end %}", 2, "nothing is open here"),
        ("a{% else %}", 2, "else stands inside an if or a for"),
        ("a{% elif name %}", 2, "elif stands inside an if"),
        ("{% if name %}{% else %}{% else %}{% end %}", 24, "nothing but end follows else"),
        ("{% if name %}{% else %}{% elif name %}{% end %}", 24, "nothing but end follows else"),
        ("{% if name %}{% end name %}", 21, "this is one thing too many"),
        ("{% if name %}{% else name %}{% end %}", 22, "this is one thing too many"),
        ("{% for name names %}{% end %}", 13, "“in” is missing here"),
        ("{% for site in names %}{% end %}", 8, "“site” already has a meaning"),
        ("{% let t = names %}{% end %}", 8, "“t” already has a meaning"),
        ("{% let a name %}{% end %}", 10, "“=” is missing here"),
        ("{% include row %}", 12, "the file to include is missing here, in quotation marks"),
        ("{% if name %}{% extends \"a.html\" %}{% end %}", 14, "extends stands once, at the top"),
        ("{% slot a %}{% end %}", 1, "a slot stands directly inside a component"),

        // Names.
        (
            "{{ nmae }}", 4,
            "“nmae” is not a name here; the names are count, empty, flags, html, missing, name, names, person, site, visits, yes"
        ),
        ("{% if nmae %}{% end %}", 7, "“nmae” is not a name here"),
        ("{{ person.nmae }}", 4, "there is no “nmae” in this record; its names are name"),
        ("{{ name.first }}", 4, "there is no “first” in a text"),
        ("{{ site.name }}", 4, "there is no “name” in this record"),
        ("{{ loop.index }}", 4, "there is no loop round this"),
        (
            "{% for n in names %}{{ loop.size }}{% end %}", 24,
            "a loop has an index, a first and a last"
        ),
        ("{% for n in names %}{% end %}{{ n }}", 33, "“n” is not a name here"),
        ("{% let n = nmae %}{% end %}", 12, "“nmae” is not a name here"),
        ("{{ slot }}", 4, "slot has a meaning only inside a component's file"),
        ("{{ \"a\" | count }}", 4, "count and join are for lists"),

        // Kinds.
        ("{{ yes }}", 4, "a yes or no cannot be drawn"),
        ("{{ not name }}", 4, "a yes or no cannot be drawn"),
        ("{{ name and count }}", 4, "a yes or no cannot be drawn"),
        ("{{ true }}", 4, "a yes or no cannot be drawn"),
        ("{{ names }}", 4, "a list is drawn with {% for … %} or join"),
        ("{{ person }}", 4, "a record is not drawn whole"),
        ("{{ missing }}", 4, "the example gives “missing” no value"),
        ("{% if missing %}{{ missing.name }}{% end %}", 20, "the example gives no value here"),
        ("{% for m in missing %}{% end %}", 13, "the example gives no value here"),
        ("{% for n in empty %}{% end %}", 13, "the example's list is empty"),
        ("{% for n in name %}{% end %}", 13, "a loop is over a list"),
        ("{{ name | count }}", 4, "count and join are for lists"),
        ("{{ person | join(\",\") }}", 4, "count and join are for lists"),
        ("{{ visits | join(\",\") }}", 4, "join is for a list of texts or numbers"),
        ("{{ flags | join(\",\") }}", 4, "join is for a list of texts or numbers"),
        ("{{ t(\"plain\") | default(\"a\") }}", 4, "default is for a value that may be missing"),
        ("{{ names | count | default(\"a\") }}", 4, "default is for a value that may be missing"),
        (
            "{% if name == 3 %}{% end %}", 7,
            "these two can never be the same: one is a text, the other a number"
        ),
        (
            "{% if person == name %}{% end %}", 7,
            "only texts, numbers, and yes or no can be compared"
        ),
        (
            "{% if t(\"plain\") == name %}{% end %}", 7,
            "only texts, numbers, and yes or no can be compared"
        ),

        ("{% if name == \"{{ name }}\" %}{% end %}", 15, "inside a tag a text stands as it is"),

        // Phrases.
        ("{{ t(\"nowhere\") }}", 4, "the phrase “nowhere” is missing in en-GB and cy"),
        ("{{ t(\"only.en\") }}", 4, "the phrase “only.en” is missing in cy"),
        ("{{ t(\"only.cy\") }}", 4, "the phrase “only.cy” is missing in en-GB"),
        ("{{ t(\"gap\") }}", 4, "the phrase “gap” has a gap {name} in"),
        ("{{ t(\"plain\", name=name) }}", 15, "the phrase “plain” has no gap {name} in"),
        ("{{ t(\"both\", a=name, b=name) }}", 22, "the phrase “both” has no gap {b} in cy"),
        ("{{ t(\"visits\") }}", 4, "the phrase “visits” has a gap {count} in"),
        ("{{ t(\"visits\", count=name) }}", 22, "count must be a number"),
        ("{{ t(\"gap\", name=yes) }}", 18, "a yes or no cannot be drawn"),
        ("{{ t(\"gap\", name=nmae) }}", 18, "“nmae” is not a name here"),
        ("<a href=\"{{ t(\"gap\", name=name) }}\">", 13, "a phrase with gaps cannot be an address"),

        // Files.
        ("{% include \"gone.html\" %}", 1, "there is no template “gone.html”"),
        (
            "{% component \"gone\" %}{% end %}", 1,
            "there is no component “gone”, that is, no “components/gone.html”"
        ),
        ("{% extends \"gone.html\" %}", 1, "there is no template “gone.html”"),
        ("{% include \"mail.txt\" %}", 1, "a page and a text file cannot include one another"),
        (
            "{% include \"child.html\" %}", 1,
            "“child.html” extends a layout, so it can only be a page"
        ),
        (
            "{% extends \"layout.html\" %}{% block other %}{% end %}", 28,
            "no layout of this page has a block “other”"
        ),
        ("{% extends \"layout.html\" %}text", 28, "outside a block this is never drawn"),
        (
            "{% extends \"layout.html\" %}{% if name %}{% end %}", 28,
            "outside a block this is never drawn"
        ),
        (
            "{% component \"a\" give=name wrong=name %}{% end %}", 28,
            "the component “a” takes no “wrong”"
        ),
        ("{% component \"a\" %}{% end %}", 0, "the component was not given “give”"),
        ("{% component \"a\" give=nmae %}{% end %}", 23, "“nmae” is not a name here"),
        (
            "{% component \"a\" give=name %}text{% end %}", 1,
            "the component “a” has no place for what stands between its tags"
        ),
        (
            "{% component \"a\" give=name %}{% slot b %}{% end %}{% end %}", 30,
            "the component “a” has no slot “b”"
        ),
        (
            "{% component \"s\" %}{% slot b %}{% end %}{% slot b %}{% end %}{% end %}", 41,
            "the slot “b” is filled twice"
        ),
        ("{% component \"h\" %}{% end %}", 0, "the component “h” was given nothing to hold"),
        ("{% component \"n\" %}{% end %}", 0, "the component “n” was given no slot “b”"),
    ])
    func `says what is wrong, and where`(page: String, column: Int, message: String) throws {
        let all = [
            "mail.txt": "text",
            "layout.html": "{% block main %}{% end %}",
            "child.html": "{% extends \"layout.html\" %}",
            "components/a.html": "{{ give }}",
            "components/s.html": "{% if slot.b %}{{ slot.b }}{% end %}",
            "components/h.html": "{{ slot }}",
            "components/n.html": "{{ slot.b }}",
        ]
        // A file that nobody uses would be a problem of its own.
        let files = all.filter { path, _ in
            let name = path.replacing("components/", with: "").replacing(".html", with: "")
            return page.contains("\"\(path)\"") || page.contains("component \"\(name)\"")
                || path == "layout.html" && page.contains("\"child.html\"")
        }
        let languages = try Drawn.languages(english: Self.english, welsh: Self.welsh)
        let problems = try Drawn.problems(
            "\n" + page,
            Self.example,
            and: files,
            languages: languages
        )
        let found = problems.first { $0.contains(message) }
        #expect(found != nil, "\(problems)")
        if column > 0 {
            #expect(found?.hasPrefix("page.html:2:\(column): ") == true, "\(problems)")
        } else {
            #expect(found?.hasPrefix("components/") == true, "\(problems)")
        }
        // One mistake is one problem, though two languages may each have something to say of it.
        #expect(problems.count <= 2, "\(problems)")
    }

    @Test func `all problems of all files come at once, each once, in order`() throws {
        let files = [
            "b.html": "{{ a b }}\n{{ c d }}",
            "a.html": "{% if %}{% end %}",
            "_part.html": "{{ nowhere }}",
        ]
        let page = "{% include \"_part.html\" %}{% include \"_part.html\" %}{{ gone }}"
        let problems = try Drawn.problems(page, and: files)
        #expect(
            problems.map { $0.prefix { $0 != " " } } == [
                "_part.html:1:4:", "a.html:1:4:", "b.html:1:6:", "b.html:2:6:", "page.html:1:75:",
            ]
        )
        let error = #expect(throws: TemplateProblems.self) { try Drawn.page("{{ a }}{{ b }}") }
        #expect(
            error?.description.hasPrefix("2 problems in the templates:\npage.html:1:23: ") == true
        )
    }

    @Test(arguments: [
        (["page.html": "{% include \"page.html\" %}"], "page.html → page.html"),
        (
            [
                "page.html": "{% include \"a.html\" %}", "a.html": "{% include \"b.html\" %}",
                "b.html": "{% include \"a.html\" %}",
            ],
            "page.html → a.html → b.html → a.html"
        ),
        (
            [
                "page.html": "{% component \"a\" %}{% end %}",
                "components/a.html": "{% component \"a\" %}{% end %}",
            ],
            "page.html → components/a.html → components/a.html"
        ),
        (["page.html": "{% extends \"page.html\" %}"], "page.html → page.html"),
        (
            [
                "page.html": "{% extends \"a.html\" %}", "a.html": "{% extends \"b.html\" %}",
                "b.html": "{% extends \"a.html\" %}",
            ],
            "page.html → a.html → b.html → a.html"
        ),
    ])
    func `files that go round in a circle are refused`(files: [String: String], trail: String)
        throws
    {
        var files = files
        files["page.html"] = "{# page TestPage #}" + (files["page.html"] ?? "")
        let error = #expect(throws: TemplateProblems.self) { try Drawn.templates(files, [:]) }
        #expect(
            error?.problems.contains { $0.hasSuffix("this goes round in a circle: \(trail)") }
                == true
        )
    }

    @Test func `blocks of two layouts that hold each other are refused`() throws {
        let files = [
            "m.html": "{% block x %}{% end %}{% block y %}{% end %}",
            "l.html": "{% extends \"m.html\" %}{% block y %}{% block x %}{% end %}{% end %}",
        ]
        let page = "{% extends \"l.html\" %}{% block x %}{% block y %}{% end %}{% end %}"
        let problems = try Drawn.problems(page, and: files)
        #expect(problems.count == 1)
        #expect(problems.first?.hasSuffix("this stands more than 100 levels deep") == true)
    }

    /// Only Welsh fills the gap, and only of none.
    @Test(arguments: [
        ("{{ t(\"visits\", count=0, name=person) }}", 30, "a record is not drawn whole"),
        ("{{ t(\"visits\", count=count, name=names) }}", 34, "a list is drawn with"),
        ("{{ t(\"visits\", count=1, name=yes) }}", 30, "a yes or no cannot be drawn"),
        ("<p title=\"{{ t(\"visits\", count=1, name=html) }}\">", 40, "ready-made HTML can stand"),
        ("<a href=\"{{ t(\"visits\", count=1, name=name) }}\">", 13, "a phrase with gaps cannot"),
        (
            "{{ t(\"in\", name=t(\"visits\", count=1, name=person)) }}", 43,
            "a record is not drawn whole"
        ),
        (
            "{{ t(\"in\", name=t(\"visits\", count=name, name=name)) }}", 35,
            "count must be a number"
        ),
    ])
    func `what only another language draws is checked at the start`(
        page: String,
        column: Int,
        message: String
    ) throws {
        let languages = try Drawn.languages(
            english: #"{"visits": {"one": "one {name}", "other": "other"}, "in": "none {name}"}"#,
            welsh: #"{"visits": {"zero": "dim {name}", "other": "arall"}, "in": "{name}"}"#
        )
        let problems = try Drawn.problems("\n" + page, Self.example, languages: languages)
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.hasPrefix("page.html:2:\(column): ") == true, "\(problems)")
        #expect(problems.first?.contains(message) == true, "\(problems)")
    }

    @Test func `a block may not stand twice in a file`() throws {
        let problems = try Drawn.problems("{% block a %}{% end %}{% block a %}{% end %}")
        #expect(problems == ["page.html:1:42: the block “a” stands here twice"])
    }

    @Test func `a file that is not UTF-8 is refused`() throws {
        #expect(throws: TemplateProblems.self) {
            try Templates(
                files: ["a.html": [0x61, 0xFF]],
                languages: Drawn.languages(),
                pages: [],
                site: [:]
            )
        }
    }
}
