import Basics
import Testing

@testable import Templating

/// What a value becomes in each place of the HTML, and the places where none may stand.
@Suite struct ContextTests {
    static let hostile = "<a href='x'>\"&"

    @Test(arguments: [
        ("<p>{{ x }}</p>", hostile, "<p>&lt;a href=&#39;x&#39;&gt;&#34;&amp;</p>"),
        ("<title>{{ x }}</title>", hostile, "<title>&lt;a href=&#39;x&#39;&gt;&#34;&amp;</title>"),
        ("<textarea>{{ x }}</textarea>", "</textarea>", "<textarea>&lt;/textarea&gt;</textarea>"),
        ("<p title=\"{{ x }}\">", hostile, "<p title=\"&lt;a href=&#39;x&#39;&gt;&#34;&amp;\">"),
        ("<p title='a{{ x }}b'>", "'", "<p title='a&#39;b'>"),
        ("<p title = \"{{ x }}\">", "\"", "<p title = \"&#34;\">"),
        ("<P TITLE=\"{{ x }}\" >", "\"", "<P TITLE=\"&#34;\" >"),
        ("<br/><p class=\"a {{ x }}\">", "b", "<br/><p class=\"a b\">"),
        ("<!doctype html><p>{{ x }}", "<", "<!doctype html><p>&lt;"),
        (
            "<!----><!-- a -- b --><!-- - ->---><p>{{ x }}", "<",
            "<!----><!-- a -- b --><!-- - ->---><p>&lt;"
        ),
        ("<p a=b>{{ x }}</p\n>", "<", "<p a=b>&lt;</p\n>"),
        ("<!-- a > b --><p>{{ x }}", "<", "<!-- a > b --><p>&lt;"),
        ("<script src=\"/a.js\"></script>{{ x }}", "<", "<script src=\"/a.js\"></script>&lt;"),
        ("<style>a > b { }</style >{{ x }}", "<", "<style>a > b { }</style >&lt;"),
        ("<input value=\"{{ x }}\" disabled>", "1", "<input value=\"1\" disabled>"),
        ("<div hidden title=\"{{ x }}\">", "1", "<div hidden title=\"1\">"),

        ("<a href=\"{{ x }}\">", "/visits?a=b&c=d#e", "<a href=\"/visits?a=b&amp;c=d#e\">"),
        ("<a href=\"{{ x }}\">", "https://kith.example/a", "<a href=\"https://kith.example/a\">"),
        ("<a href=\"{{ x }}\">", "HTTP://kith.example", "<a href=\"HTTP://kith.example\">"),
        ("<a href=\"{{ x }}\">", "mailto:ada@kith.example", "<a href=\"mailto:ada@kith.example\">"),
        ("<a href=\"{{ x }}\">", "tel:+441234567890", "<a href=\"tel:+441234567890\">"),
        ("<a href=\"{{ x }}\">", "ending", "<a href=\"ending\">"),
        ("<a href=\"{{ x }}\">", "?page=2", "<a href=\"?page=2\">"),
        ("<a href=\"{{ x }}\">", "#top", "<a href=\"#top\">"),
        ("<a href=\"{{ x }}\">", "a/b:c", "<a href=\"a/b:c\">"),
        ("<a href=\"{{ x }}\">", "javascript:alert(1)", "<a href=\"#\">"),
        ("<a href=\"{{ x }}\">", "JavaScript:alert(1)", "<a href=\"#\">"),
        ("<a href=\"{{ x }}\">", " javascript:alert(1)", "<a href=\"#\">"),
        ("<a href=\"{{ x }}\">", "java\tscript:alert(1)", "<a href=\"#\">"),
        ("<a href=\"{{ x }}\">", "java\nscript:alert(1)", "<a href=\"#\">"),
        ("<a href=\"{{ x }}\">", "\u{1}javascript:alert(1)", "<a href=\"#\">"),
        ("<a href=\"{{ x }}\">", "data:text/html,<b>", "<a href=\"#\">"),
        ("<a href=\"{{ x }}\">", "vbscript:x", "<a href=\"#\">"),
        ("<a href=\"{{ x }}\">", "a-very-long-scheme-indeed:x", "<a href=\"#\">"),
        (
            "<a href=\"{{ x }}\">", "javascript&colon;alert(1)",
            "<a href=\"javascript&amp;colon;alert(1)\">"
        ),
        (
            "<a href=\"{{ x }}\">", "a-rather-long-name?at=9:00",
            "<a href=\"a-rather-long-name?at=9:00\">"
        ),
        (
            "<a href=\"{{ x }}\">", "a-rather-long-name/at/9:00",
            "<a href=\"a-rather-long-name/at/9:00\">"
        ),
        ("<a href=\"{{ x }}\">", "/\"><script>", "<a href=\"/%22%3E%3Cscript%3E\">"),
        ("<a href='{{ x }}'>", "/'onclick='", "<a href='/&#39;onclick=&#39;'>"),
        ("<a href=\"{{ x }}\">", "/a b%20ŵ\\", "<a href=\"/a%20b%20%C5%B5%5C\">"),
        ("<a href=\" {{ x }}\">", "javascript:x", "<a href=\" #\">"),
        ("<form action=\"{{ x }}\">", "javascript:x", "<form action=\"#\">"),
        ("<button formaction=\"{{ x }}\">", "javascript:x", "<button formaction=\"#\">"),
        ("<img src=\"{{ x }}\">", "javascript:x", "<img src=\"#\">"),
        ("<use xlink:href=\"{{ x }}\">", "javascript:x", "<use xlink:href=\"#\">"),
        ("<p data-href=\"{{ x }}\">", "javascript:x", "<p data-href=\"#\">"),
        ("<p data-name=\"{{ x }}\">", "javascript:x", "<p data-name=\"javascript:x\">"),
        (
            "<a href=\"/people/{{ x }}\">", "a/b?c#d&e:f@g+h'",
            "<a href=\"/people/a%2Fb%3Fc%23d&amp;e%3Af@g+h&#39;\">"
        ),
        ("<a href=\"java{{ x }}\">", "script:alert(1)", "<a href=\"javascript%3Aalert(1)\">"),
        (
            "<a href=\"mailto:{{ x }}\">", "ada@kith.example?cc=b",
            "<a href=\"mailto:ada@kith.example%3Fcc=b\">"
        ),
        ("<a href=\"/a?b={{ x }}\">", "c&d=e+f/g", "<a href=\"/a?b=c%26d%3De%2Bf%2Fg\">"),
        ("<a href=\"#{{ x }}\">", "a b", "<a href=\"#a%20b\">"),
        ("<a href=\"{{ x }}?b={{ x }}\">", "/a&b", "<a href=\"/a&amp;b?b=%2Fa%26b\">"),
        ("<a href=\"/{{ x }}&b={{ x }}\">", "?a", "<a href=\"/%3Fa&b=%3Fa\">"),
        ("<a href=\"{{ x }}/{{ x }}\">", "a:", "<a href=\"#/a%3A\">"),
        ("<a href=\"{{ x }}-{{ x }}#:{{ x }}\">", "a", "<a href=\"a-a#:a\">"),
        ("<a href=\"java\t{{ x }}/:\">", "a:", "<a href=\"java\ta%3A/:\">"),
        ("<a href=\"{% if x %}a{% else %}b{% end %}/:{{ x }}\">", ":", "<a href=\"a/:%3A\">"),
        ("<a href=\"{% if x %}{{ x }}{% end %}?b={{ x }}\">", "/a", "<a href=\"/a?b=%2Fa\">"),
        ("<a href=\"//{{ x }}\">", "kith.example", "<a href=\"//kith.example\">"),
        ("<a href=\"https://{{ x }}/\">", "a/b", "<a href=\"https://a%2Fb/\">"),

        // What a browser runs, or takes into the page, comes from our own host.
        ("<script src=\"{{ x }}\"></script>", "/a.js", "<script src=\"/a.js\"></script>"),
        ("<script src=\"{{ x }}\"></script>", "//a/b", "<script src=\"#\"></script>"),
        ("<script src=\"{{ x }}\"></script>", "https://a/b", "<script src=\"#\"></script>"),
        ("<script src=\"{{ x }}\"></script>", "a.js", "<script src=\"#\"></script>"),
        ("<script src=\"{{ x }}\"></script>", "", "<script src=\"#\"></script>"),
        ("<script src=\"{{ x }}\"></script>", "/", "<script src=\"/\"></script>"),
        ("<script src=\"{{ x }}\"></script>", "/\\a", "<script src=\"/%5Ca\"></script>"),
        ("<script src=\"{{ x }}\"></script>", "/\t/a", "<script src=\"/%09/a\"></script>"),
        (
            "<script src=\"{{ x }}?v={{ x }}\"></script>", "/a",
            "<script src=\"/a?v=%2Fa\"></script>"
        ),
        ("<script src=\"/{{ x }}.js\"></script>", "/a", "<script src=\"/%2Fa.js\"></script>"),
        ("<script src=\"/js/{{ x }}/a\"></script>", "/a", "<script src=\"/js/%2Fa/a\"></script>"),
        ("<script src=\"js/{{ x }}\"></script>", "//a", "<script src=\"js/%2F%2Fa\"></script>"),
        (
            "<svg><script xlink:href=\"{{ x }}\"></script>", "//a",
            "<svg><script xlink:href=\"#\"></script>"
        ),
        ("<base href=\"{{ x }}\">", "//a", "<base href=\"#\">"),
        ("<iframe src=\"{{ x }}\"></iframe>", "//a", "<iframe src=\"#\"></iframe>"),
        ("<object data=\"{{ x }}\">", "//a", "<object data=\"#\">"),
        ("<EMBED SRC='{{ x }}'>", "//a", "<EMBED SRC='#'>"),
        ("<link href=\"{{ x }}\">", "https://a", "<link href=\"#\">"),
        ("<a href=\"{{ x }}{{ x }}\">", "a:", "<a href=\"#a%3A\">"),
        ("<a href=\"/a{% if x %}?b{% end %}={{ x }}\">", "&", "<a href=\"/a?b=%26\">"),
        ("<a href=\"{% if x %}/a/{% else %}/b/{% end %}{{ x }}\">", "/", "<a href=\"/a/%2F\">"),

        ("<p {% if x %}hidden{% end %}>{{ x }}", "<", "<p hidden>&lt;"),
        ("<p{% if x %} hidden{% end %}>{{ x }}", "<", "<p hidden>&lt;"),
        (
            "<p {% if x %}title=\"{{ x }}\"{% end %} id=\"{{ x }}\">", "a",
            "<p title=\"a\" id=\"a\">"
        ),
        ("<p {% if x %}title=\"{{ x }}\"{% else %}hidden{% end %}/>", "a", "<p title=\"a\"/>"),
        ("<input {% if x %}disabled {% end %}name=\"n\">", "a", "<input disabled name=\"n\">"),
        ("<p {% if x %}a {% else %}b {% end %}c>", "a", "<p a c>"),
        ("<p {% if x %}a=b {% end %}c=d>", "a", "<p a=b c=d>"),
        ("<input{% if x %} type=text {% end %}>", "a", "<input type=text >"),
        ("<input{% if x %} type=\"text\"{% end %}>", "a", "<input type=\"text\">"),
        ("<p {% if x %}a=b {% else %}c {% end %}/>", "a", "<p a=b />"),
        ("<p {% for y in ys %}a=b {% end %}c>", "a", "<p a=b c>"),
        (
            "<p {% if x %}a {% end %}{% if x %}b {% end %}{% if x %}c{% end %} d>", "a",
            "<p a b c d>"
        ),
        ("<p class={% if x %}\"{{ x }}\"{% else %}\"b\"{% end %}>", "a", "<p class=\"a\">"),
        ("<p class=\"a{% if x %} {{ x }}{% end %}\">", "b", "<p class=\"a b\">"),
    ])
    func `escapes`(page: String, value: String, expected: String) throws {
        #expect(try Drawn.page(page, ["x": .text(value), "ys": ["a"]]) == expected)
    }

    @Test(arguments: [
        ("<script>{{ x }}</script>", "2:9", "inside <script>"),
        ("<script>let a = '<{{ x }}'</script>", "2:19", "inside <script>"),
        ("<SCRIPT type=\"application/json\">{{ x }}</SCRIPT>", "2:33", "inside <script>"),
        ("<style>{{ x }}</style>", "2:8", "inside <style>"),
        ("<iframe>{{ x }}</iframe>", "2:9", "inside <iframe>"),
        ("<p title={{ x }}>", "2:10", "put quotation marks round"),
        ("<p title=a{{ x }}>", "2:11", "put quotation marks round"),
        ("<{{ x }}>", "2:2", "into the name of a tag"),
        ("<p{{ x }}>", "2:3", "into the name of a tag"),
        ("</{{ x }}>", "2:3", "into the name of a tag"),
        ("</p {{ x }}>", "2:5", "into the name of a tag"),
        ("<p {{ x }}>", "2:4", "as an attribute"),
        ("<p a{{ x }}>", "2:5", "as an attribute"),
        ("<p a{{ x }}=\"1\">", "2:5", "as an attribute"),
        ("<p a {{ x }}>", "2:6", "as an attribute"),
        ("<p a=\"1\"{{ x }}>", "2:9", "as an attribute"),
        ("<!-- {{ x }} -->", "2:6", "inside an HTML comment"),
        ("<!{{ x }}>", "2:3", "inside an HTML comment"),
        ("<!doctype {{ x }}>", "2:11", "inside an HTML comment"),
        ("<title></{{ x }}title></title>", "2:10", "inside an end tag"),
        ("<p onclick=\"{{ x }}\">", "2:11", "“onclick” would run a script"),
        ("<p onclick=\"a()\">", "2:11", "“onclick” would run a script"),
        ("<p ONCLICK = 'a()'>", "2:12", "“onclick” would run a script"),
        ("<p style=\"{{ x }}\">", "2:9", "the page's security policy stops “style”"),
        ("<p style=\"color: red\">", "2:9", "the page's security policy stops “style”"),
        ("<iframe srcdoc=\"{{ x }}\"></iframe>", "2:15", "“srcdoc” does not belong"),
        ("<meta http-equiv=\"refresh\">", "2:17", "“http-equiv” does not belong"),
        ("<img srcset=\"{{ x }}\">", "2:14", "nothing can be drawn into “srcset”"),
        ("<set to=\"{{ x }}\">", "2:10", "nothing can be drawn into “to”"),
        ("<a href=\"javascript:{{ x }}\">", "2:20", "“javascript:” would run a script"),
        ("<a href=\"JAVASCRIPT:a()\">", "2:20", "“javascript:” would run a script"),
        ("<a href=\"data:{{ x }}\">", "2:15", "put the whole address into one value"),
        (
            "<a href=\"{% if x %}/a{% end %}{{ x }}\">", "2:31",
            "put the whole address into one value"
        ),
        (
            "<a href=\"{% if x %}a:b{% else %}/a{% end %}\">", "2:10",
            "the branches of this if end in"
        ),
        (
            "<input{% if x %} type=text{% end %}>", "2:7",
            "put quotation marks round the attribute's value, or a space behind it inside its branch"
        ),
        // A value, or what is written after it, must not become a scheme.
        ("<a href=\"{{ x }}:{{ x }}\">", "2:17", "a value before this “:”"),
        ("<a href=\"{{ x }}a:b\">", "2:18", "a value before this “:”"),
        ("<a href=\"{{ x }}\n:b\">", "3:1", "a value before this “:”"),
        ("<a href=\"{{ x }}{{ x }}:b\">", "2:24", "a value before this “:”"),
        ("<a href=\"java{{ x }}:a\">", "2:21", "a value before this “:”"),
        (
            "<a href='{% if x %}javascript{% else %}a{% end %}:a'>", "2:50",
            "a value before this “:”"
        ),
        ("<a href=\"javascript&#58;{{ x }}\">", "2:20", "an entity could hide"),
        ("<a href=\"javascript&colon;alert(1)\">", "2:20", "an entity could hide"),
        ("<a href=\"&#106;avascript:alert(1)\">", "2:10", "an entity could hide"),
        ("<a href=\"{{ x }}&colon;a\">", "2:17", "an entity could hide"),
        ("<a href=\"java\nscript:a()\">", "3:7", "“javascript:” would run a script"),
        ("<a href=\"\u{1}javascript:a()\">", "2:21", "“javascript:” would run a script"),
        (
            "<a href=\"a-very-long-scheme-indeed:{{ x }}\">", "2:36",
            "put the whole address into one value"
        ),
        ("<a href=javascript:alert(1)>", "2:9", "put quotation marks round this address"),
        ("<img src = /a.png>", "2:12", "put quotation marks round this address"),
        ("<p a=b\"c>", "2:7", "put quotation marks round this attribute's value"),
        ("<p a==>", "2:6", "put quotation marks round this attribute's value"),
        (
            "<a href=\"{{ ys | join(\":\") }}\">", "2:13",
            "a list cannot be the beginning of an address"
        ),
        ("<script src=\"{{ x }}/a.js\"></script>", "2:21", "put the whole path into one value"),
        ("<script src=\"{{ x }}{{ x }}\"></script>", "2:21", "it could lead to another host"),
        ("<script src=\"//{{ x }}\"></script>", "2:16", "it could lead to another host"),
        ("<script src=\"/\t\\{{ x }}\"></script>", "2:17", "it could lead to another host"),
        ("<script src=\"/{{ x }}/a\"></script>", "2:22", "if this value is empty"),
        ("<script src=\"/&sol;{{ x }}\"></script>", "2:15", "an entity could hide"),
        ("<script src=\"https://{{ x }}\"></script>", "2:22", "it could lead to another host"),
        ("<script src=\"https:{{ x }}\"></script>", "2:20", "it could lead to another host"),
        ("<link href=\"{% if x %}/{% end %}/{{ x }}\">", "2:33", "the second of two"),
        (
            "<script src=\"/{% if x %}{{ x }}{% end %}/app.js\"></script>", "2:41",
            "the second of two"
        ),
        (
            "<script src=\"{% if x %}{{ x }}{% end %}/app.js\"></script>", "2:40",
            "the second of two"
        ),
        ("<script src=\"{% if x %}/{% end %}\\app.js\"></script>", "2:34", "the second of two"),

        // What one browser reads otherwise than another, or than we would.
        ("<!-->{{ x }}", "2:5", "this comment ends before it has begun"),
        ("<!--->{{ x }}", "2:6", "this comment ends before it has begun"),
        ("<!-- a --!><b title={{ x }}>", "2:10", "“--!” may end a comment"),
        (
            "<script><!--<script></script>{{ x }}--></script>", "2:10",
            "a “<” may not stand inside <script>"
        ),
        ("<script>if (a < b) {}</script>", "2:16", "a “<” may not stand inside <script>"),
        ("<style></styles></style>", "2:15", "a “<” may not stand inside <style>"),
        ("<title></title/>", "2:15", "write &lt; for a “<” inside <title>"),
        ("<p a=b\u{B}c=\"{{ x }}\">", "2:9", "put quotation marks round this attribute's value"),
        ("<p a\u{B}=\"b\u{B}c\"\u{B}d>", "2:12", "a space is missing before this attribute"),
        ("<p></p a=\">\">", "2:8", "an end tag is its name"),
        ("<p></p/>", "2:7", "an end tag is its name"),
        ("<p></>", "2:6", "an end tag is its name"),
        ("<p></ p>", "2:6", "an end tag is its name"),
        ("<p></!a>", "2:6", "an end tag is its name"),
        ("<noscript><p title=\"</noscript>\">", "2:10", "<noscript> does not belong in a page"),
        ("<p>a < b", "2:7", "write &lt;"),
        ("<p>a <", "2:6", "the page ends inside a tag"),
        ("<title>a <b></title>", "2:11", "write &lt; for a “<” inside <title>"),
        ("<title/>", "2:7", "write <title> with an end tag"),
        ("<plaintext>", "2:11", "does not belong in a page"),
        ("<?xml?>", "2:2", "does not belong in a page"),
        ("<![CDATA[a]]>", "2:3", "does not belong in a page"),
        ("<p a=>", "2:6", "this attribute's value is missing"),
        ("<p \"a\">", "2:4", "an attribute cannot begin with “\"”"),
        ("<p a=\"1\"b=\"2\">", "2:9", "a space is missing before this attribute"),
        ("<p {% if x %}a{% end %}b>", "2:24", "a space is missing before this attribute"),
        ("<p {% if x %}a{% end %}=\"b\">", "2:24", "a space is missing before this attribute"),
        ("<p {% if x %}a {% end %}=\"b\">", "2:25", "an attribute cannot begin with “=”"),
        ("<p {% if x %}a {% end %}{{ x }}>", "2:25", "as an attribute"),
        ("<p {% if x %}a {% else %}b{% end %}c>", "2:36", "a space is missing before"),
        ("<p {% if x %}onclick {% end %}=\"b\">", "2:31", "an attribute cannot begin with “=”"),
        ("<p title=\"a", "2:1", "the page ends inside a tag"),
        ("<p", "2:1", "the page ends inside a tag"),
        ("<!-- a", "2:1", "the page ends inside a comment"),
        ("<title>a", "2:1", "the page ends inside <title>, which has no end tag"),
        ("<script>a", "2:1", "the page ends inside <script>, which has no end tag"),
        (
            "{% if x %}<p title=\"{% end %}a", "2:1",
            "the branches of this if end in different places"
        ),
        (
            "<p title={% if x %}\"a{% else %}'b{% end %}>", "2:10",
            "the branches of this if end in different places"
        ),
        (
            "<{% if x %}a{% else %}b{% end %}>", "2:2",
            "the branches of this if end in different places"
        ),
        (
            "{% if x %}<script>{% end %}{{ x }}", "2:1",
            "the branches of this if end in different places"
        ),
        ("{% for y in ys %}<p title=\"{% end %}", "2:1", "the loop's body ends in another place"),
        ("{% for y in ys %}{% else %}<p {% end %}", "2:1", "the loop's else ends in another place"),
        ("<p {% for y in ys %} a{% end %}>", "2:4", "the loop's body ends in another place"),
    ])
    func `refuses`(page: String, place: String, problem: String) throws {
        // The page stands on line 2, and columns are counted there.
        let problems = try Drawn.problems("\n" + page, ["x": "a", "ys": ["a"]])
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("page.html:\(place): ") == true, "\(problems)")
        #expect(problems.first?.contains(problem) == true, "\(problems)")
    }

    @Test(arguments: [
        ("a\n{% block main %}{% end %} <p hidden", "l.html:2:27: the page ends inside a tag"),
        ("<p>ŵ<!-- b{% block main %}{% end %}", "l.html:1:5: nothing can be drawn inside an"),
        ("a\n<!-- b\n{% block main %}{% end %}", "l.html:2:1: nothing can be drawn inside an"),
        ("<title>{% block main %}{% end %}\n", "l.html:1:1: the page ends inside <title>"),
        ("<style>\n{% block main %}{% end %}", "l.html:1:1: nothing can be drawn inside <style>"),
    ])
    func `what a layout leaves open is told once, where it was opened`(
        layout: String,
        problem: String
    ) throws {
        let page = "{% extends \"l.html\" %}{% block main %}{{ x }}{% end %}"
        let error = #expect(throws: TemplateProblems.self) {
            try Templates(
                files: [
                    "a.html": Array("{# page A #}\n\(page)".utf8),
                    "b.html": Array("{# page B #}\n\n\(page)".utf8),
                    "l.html": Array(layout.utf8),
                ],
                languages: Drawn.languages(),
                pages: ["a", "b"].map {
                    PageShape(
                        name: $0.uppercased(),
                        template: "\($0).html",
                        example: ["x": "a"]
                    )
                },
                site: [:]
            )
        }
        let problems = error?.problems ?? []
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.hasPrefix(problem) == true, "\(problems)")
    }

    @Test func `ready-made HTML is drawn as it is, between tags only`() throws {
        let html = Value.html(SafeHTML(trustedHTML: "<b>&amp;</b>"))
        #expect(try Drawn.page("<p>{{ x }}</p>", ["x": html]) == "<p><b>&amp;</b></p>")
        for page in ["<p title=\"{{ x }}\">", "<title>{{ x }}</title>", "<a href=\"{{ x }}\">"] {
            let problems = try Drawn.problems(page, ["x": html])
            #expect(
                problems == [
                    "page.html:1:\(page.firstIndexOfName): ready-made HTML can stand only between tags"
                ]
            )
        }
    }

    @Test func `HTML where the example had a text is refused in an attribute`() throws {
        #expect(throws: DrawingFault.self) {
            try Drawn.page(
                "<p title=\"{{ x }}\">",
                ["x": "a"],
                with: ["x": .html(SafeHTML(trustedHTML: "\""))]
            )
        }
    }

    @Test func `a phrase is escaped as a text is`() throws {
        let languages = try Drawn.languages(
            english: #"{"a": "\"You\" & {name}"}"#,
            welsh: #"{"a": "\"Ti\" & {name}"}"#
        )
        let example: Record = ["name": "<me>"]
        let page = "{{ t(\"a\", name=name) }}"
        let drawn = "&#34;You&#34; &amp; &lt;me&gt;"
        #expect(try Drawn.page(page, example, languages: languages) == drawn)
        #expect(
            try Drawn.page("<p title='\(page)'>", example, languages: languages)
                == "<p title='\(drawn)'>"
        )
    }

    @Test func `a text file is drawn without any escape`() throws {
        let templates = try Templates(
            files: ["mail.txt": Array("{# page Mail #}\n<{{ x }}> \"{{ y }}\"\n".utf8)],
            languages: Drawn.languages(),
            pages: [PageShape(name: "Mail", template: "mail.txt", example: ["x": "a", "y": "b"])],
            site: [:]
        )
        let bytes = try templates.draw(
            "mail.txt",
            ["x": "<&>", "y": .int(3)],
            words: Drawn.languages().usual
        )
        #expect(String(decoding: bytes, as: UTF8.self) == "<<&>> \"3\"\n")
    }
}

extension String {
    /// The column of the name inside the braces, after the first line's comment.
    fileprivate var firstIndexOfName: Int {
        let before = prefix { $0 != "{" }
        return "{# page TestPage #}".count + before.count + 4
    }
}
