import Basics
import Testing

@testable import Templating

/// Seeded runs of nonsense: whatever a template's bytes are, compiling them answers, and whatever a
/// value holds, it stays a value.
@Suite struct FuzzTests {
    private static let page = """
        {# page TestPage #}{% extends "layouts/page.html" %}
        {% block title %}{{ t("hello", name=name) }}{% end %}
        {% block main %}{# a comment #}
        <ul class="list {% if yes %}wide{% end %}">
        {% for visit in visits %}
        <li id="v{{ loop.index }}"><a href="/visits/{{ visit.time }}?n={{ name }}">{{ visit.time }}</a>
        {%- if not visit.note and (yes or name == "Ada") -%}{{ visit.note | default("none") }}{% else %}{{ names | join(", ") }}{% end %}
        {% else %}<p {% if yes %}hidden{% end %}>{{ t("n", count=visits | count) }}</p>
        {% end %}
        </ul>{% include "_part.html" %}
        {% component "box" title=name wide=true %}text {{ name }}{% slot foot %}<b>{{ loop }}</b>{% end %}{% end %}
        {% let who = name %}{{ who }}{% end %}
        {% end %}
        """
    private static let files = [
        "layouts/page.html":
            "<!doctype html><title>{% block title %}{% end %}</title><main>{% block main %}{% end %}</main>",
        "_part.html":
            "<a href=\"{{ name }}\" title='{{ name }}'>{{ name }}</a><textarea>{{ name }}</textarea>",
        "components/box.html":
            "<div{% if wide %} class=\"wide\"{% end %}>{{ title }}{% if slot %}{{ slot }}{% end %}{{ slot.foot }}</div>",
    ]
    private static let example: Record = [
        "name": "Ada", "yes": true, "names": ["a", "b"],
        "visits": [["time": "9:00", "note": "a"]],
    ]

    private static var languages: Languages {
        get throws {
            try Drawn.languages(
                english:
                    #"{"hello": "Hello {name}", "n": {"one": "{count}", "other": "{count}s"}}"#,
                welsh: #"{"hello": "Helo {name}", "n": {"other": "{count}"}}"#
            )
        }
    }

    private func compile(_ files: [String: [UInt8]], _ languages: Languages) -> Templates? {
        try? Templates(
            files: files,
            languages: languages,
            pages: [PageShape(name: "TestPage", template: "page.html", example: Self.example)],
            site: [:]
        )
    }

    @Test(arguments: 0..<8)
    func `no template is too strange to compile`(seed: Int) throws {
        let random = RandomSource.seeded(UInt64(seed))
        let languages = try Self.languages
        var start = Self.files.mapValues { Array($0.utf8) }
        start["page.html"] = Array(Self.page.replacing("{{ loop }}", with: "").utf8)
        #expect(compile(start, languages) != nil)
        let names = start.keys.sorted()
        var compiled = 0
        for _ in 0..<300 {
            var files = start
            let name = random.one(of: names)
            files[name] = files[name].map(random.mutated)
            guard let templates = compile(files, languages) else { continue }
            compiled += 1
            // It compiled, so it draws.
            _ = try templates.draw("page.html", Self.example, words: languages.usual)
        }
        #expect(compiled > 0)
    }

    @Test func `random bytes compile or are refused`() throws {
        let random = RandomSource.seeded(99)
        let languages = try Self.languages
        let telling = [
            "{{", "}}", "{%", "%}", "{#", "#}", "if ", "for ", "x ", "in ", "end ", "let ", "else ",
            "elif ", "<", ">",
            "\"", "'", "=", " ", "title", "script", "/", "t(", ")", "|", "block ", "slot ",
            "component ", "and ", "not ",
            "name", "é", "\u{0}", "-",
        ]
        for _ in 0..<3000 {
            var bytes = Array("{# page TestPage #}".utf8)
            for _ in 0..<random.number(below: 60) {
                bytes +=
                    random.number(below: 12) == 0
                    ? random.bytes(1) : Array(random.one(of: telling).utf8)
            }
            _ = compile(["page.html": bytes], languages)
        }
    }

    /// The places that a value may stand in; what follows each is the same for every value, unless
    /// the value got out of its place.
    private static let places: [(before: String, after: String)] = [
        ("<p>", "</p>"), ("<p title=\"", "\">"), ("<p title='", "'>"), ("<title>", "</title>"),
        ("<textarea>", "</textarea>"), ("<a href=\"", "\">"), ("<a href='", "'>"),
        ("<a href=\"/a/", "/b\">"), ("<a href='/a?b=", "&c'>"), ("<a href=\"#", "\">"),
        ("<img src=\"", "\">"), ("<form action='", "'>"), ("<a href=\"mailto:", "\">"),
    ]

    private static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
        "</title><script>", "</textarea><script>", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
        "\u{1}javascript:alert(1)", "java\u{0}script:alert(1)", "\tjavascript:alert(1)",
        "data:text/html,<b>",
        "&lt;script&gt;", "&#60;", "&quot;", "--><script>", "]]><script>", "<!--",
        "`onload=alert(1)", "\u{0}",
        "\r\n<b>", "{{ 7*7 }}", "{% if x %}", "\u{2028}<b>", "＜script＞", "é\u{301}\"",
        "a'b\"c<d>e&f",
        "vbscript:a", "//evil.example", "\\\\evil.example", "?a=b&c=d", "#\"'", "%00\"%22",
        "\u{FFFD}<",
    ]

    @Test func `no value gets out of its place`() throws {
        let random = RandomSource.seeded(5)
        let words = try Drawn.languages().usual
        for (before, after) in Self.places {
            let templates = try Drawn.templates(
                ["page.html": "{# page TestPage #}\(before){{ x }}\(after)"],
                ["x": "a"]
            )
            for round in 0..<400 {
                let value =
                    round < Self.hostile.count
                    ? Self.hostile[round]
                    : random.one(of: Self.hostile)
                        + random.one(of: Self.hostile).prefix(random.number(below: 9))
                let drawn = String(
                    decoding: try templates.draw("page.html", ["x": .text(value)], words: words),
                    as: UTF8.self
                )
                #expect(drawn.utf8.starts(with: before.utf8))
                #expect(drawn.utf8.reversed().starts(with: after.utf8.reversed()))
                let inside = String(
                    decoding: drawn.utf8.dropFirst(before.utf8.count).dropLast(after.utf8.count),
                    as: UTF8.self
                )
                // Nothing that could end the place or begin another is left, and every & begins an
                // entity of ours.
                #expect(inside.utf8.allSatisfy { !"<>\"'".utf8.contains($0) }, "\(value)")
                let entities = ["&amp;", "&lt;", "&gt;", "&#34;", "&#39;"]
                for at in inside.indices where inside[at] == "&" {
                    #expect(entities.contains { inside[at...].hasPrefix($0) }, "\(value)")
                }
                if before.hasSuffix("href=\"") || before.hasSuffix("src=\"") {
                    let scheme = inside.prefix { $0 != ":" && $0 != "/" && $0 != "?" && $0 != "#" }
                    let after = inside.dropFirst(scheme.count)
                    #expect(
                        !after.hasPrefix(":")
                            || ["http", "https", "mailto", "tel"].contains(scheme.lowercased())
                    )
                } else if !before.contains("=\"/") && !before.contains("href")
                    && !before.contains("action")
                {
                    // Elsewhere the value is all there, as a browser reads it.
                    #expect(unescaped(inside) == value)
                }
            }
        }
    }

    private func unescaped(_ text: String) -> String {
        var text = text
        for (entity, character) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ] {
            text = text.replacing(entity, with: character)
        }
        return text
    }

    /// The escape looks at sixteen bytes in one go, and then at eight, so every length and place of a special counts.
    @Test func `escaping is right for every length and place`() throws {
        let random = RandomSource.seeded(3)
        let letters = Array("ab<>&\"'éŵ\u{0}\u{7F}!#%;=@~".utf8)
        func plain(_ bytes: [UInt8]) -> [UInt8] {
            bytes.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "<"): Array("&lt;".utf8)
                case UInt8(ascii: ">"): Array("&gt;".utf8)
                case UInt8(ascii: "&"): Array("&amp;".utf8)
                case UInt8(ascii: "\""): Array("&#34;".utf8)
                case UInt8(ascii: "'"): Array("&#39;".utf8)
                default: [byte]
                }
            }
        }
        for length in 0..<70 {
            for _ in 0..<40 {
                let text = String(
                    decoding: (0..<length).map { _ in random.one(of: letters) },
                    as: UTF8.self
                )
                #expect(escaped(text, as: .attribute) == plain(Array(text.utf8)))
            }
        }
        for byte in UInt8.min...127 {
            for place in 0..<20 {
                var bytes = Array(repeating: UInt8(ascii: "a"), count: 20)
                bytes[place] = byte
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(escaped(text, as: .text) == plain(bytes))
                #expect(escaped(text, as: .none) == bytes)
            }
        }
    }

    @Test func `every number is drawn with its own digits`() throws {
        let random = RandomSource.seeded(5)
        let templates = try Drawn.templates(
            ["page.html": "{# page TestPage #}{{ n }}"],
            ["n": 1]
        )
        let words = try Drawn.languages().usual
        for round in 0..<4000 {
            let bits = random.bytes(8).reduce(UInt(0)) { $0 << 8 | UInt($1) }
            let number = Int(bitPattern: bits) >> (round % 64)
            let drawn = try templates.draw("page.html", ["n": .int(number)], words: words)
            #expect(String(decoding: drawn, as: UTF8.self) == String(number))
        }
        for number in 0..<10_000 {
            let drawn = try templates.draw("page.html", ["n": .int(number)], words: words)
            #expect(String(decoding: drawn, as: UTF8.self) == String(number))
        }
    }
}
