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
        ("<a href=\"{{ x }}&b={{ x }}\">", "/?a", "<a href=\"/?a&b=%2F%3Fa\">"),
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
        ("<p class={% if x %}\"{{ x }}\"{% else %}\"b\"{% end %}>", "a", "<p class=\"a\">"),
        ("<p class=\"a{% if x %} {{ x }}{% end %}\">", "b", "<p class=\"a b\">"),
    ])
    func `escapes`(page: String, value: String, expected: String) throws {
        #expect(try Drawn.page(page, ["x": .text(value)]) == expected)
    }

    @Test(arguments: [
        ("<script>{{ x }}</script>", "inside <script>"),
        ("<script>let a = '<{{ x }}'</script>", "inside <script>"),
        ("<SCRIPT type=\"application/json\">{{ x }}</SCRIPT>", "inside <script>"),
        ("<style>{{ x }}</style>", "inside <style>"),
        ("<iframe>{{ x }}</iframe>", "inside <iframe>"),
        ("<p title={{ x }}>", "put quotation marks round"),
        ("<p title=a{{ x }}>", "put quotation marks round"),
        ("<{{ x }}>", "into the name of a tag"),
        ("<p{{ x }}>", "into the name of a tag"),
        ("</{{ x }}>", "into the name of a tag"),
        ("</p {{ x }}>", "into the name of a tag"),
        ("<p {{ x }}>", "as an attribute"),
        ("<p a{{ x }}>", "as an attribute"),
        ("<p a{{ x }}=\"1\">", "as an attribute"),
        ("<p a {{ x }}>", "as an attribute"),
        ("<p a=\"1\"{{ x }}>", "as an attribute"),
        ("<!-- {{ x }} -->", "inside an HTML comment"),
        ("<!{{ x }}>", "inside an HTML comment"),
        ("<!doctype {{ x }}>", "inside an HTML comment"),
        ("<title></{{ x }}title></title>", "inside an end tag"),
        ("<p onclick=\"{{ x }}\">", "“onclick” would run a script"),
        ("<p onclick=\"a()\">", "“onclick” would run a script"),
        ("<p ONCLICK = 'a()'>", "“onclick” would run a script"),
        ("<p style=\"{{ x }}\">", "the page's security policy stops “style”"),
        ("<p style=\"color: red\">", "the page's security policy stops “style”"),
        ("<iframe srcdoc=\"{{ x }}\"></iframe>", "“srcdoc” does not belong"),
        ("<meta http-equiv=\"refresh\">", "“http-equiv” does not belong"),
        ("<img srcset=\"{{ x }}\">", "nothing can be drawn into “srcset”"),
        ("<set to=\"{{ x }}\">", "nothing can be drawn into “to”"),
        ("<a href=\"javascript:{{ x }}\">", "“javascript:” would run a script"),
        ("<a href=\"JAVASCRIPT:a()\">", "“javascript:” would run a script"),
        ("<a href=\"data:{{ x }}\">", "put the whole address into one value"),
        ("<a href=\"{% if x %}/a{% end %}{{ x }}\">", "put the whole address into one value"),
        ("<p>a < b", "write &lt;"),
        ("<p>a <", "the page ends inside a tag"),
        ("<title>a <b></title>", "write &lt; for a “<” inside <title>"),
        ("<title/>", "write <title> with an end tag"),
        ("<plaintext>", "does not belong in a page"),
        ("<?xml?>", "does not belong in a page"),
        ("<![CDATA[a]]>", "does not belong in a page"),
        ("<p a=>", "this attribute's value is missing"),
        ("<p \"a\">", "an attribute cannot begin with “\"”"),
        ("<p a=\"1\"b=\"2\">", "a space is missing before this attribute"),
        ("<p {% if x %}a{% end %}b>", "a space is missing before this attribute"),
        ("<p {% if x %}a{% end %}=\"b\">", "a space is missing before this attribute"),
        ("<p title=\"a", "the page ends inside a tag"),
        ("<p", "the page ends inside a tag"),
        ("<!-- a", "the page ends inside a comment"),
        ("<title>a", "the page ends inside <title>, which has no end tag"),
        ("<script>a", "the page ends inside <script>, which has no end tag"),
        ("{% if x %}<p title=\"{% end %}a", "the branches of this if end in different places"),
        (
            "<p title={% if x %}\"a{% else %}'b{% end %}>",
            "the branches of this if end in different places"
        ),
        ("<{% if x %}a{% else %}b{% end %}>", "the branches of this if end in different places"),
        ("{% if x %}<script>{% end %}{{ x }}", "the branches of this if end in different places"),
        ("{% for y in ys %}<p title=\"{% end %}", "the loop's body ends in another place"),
        ("{% for y in ys %}{% else %}<p {% end %}", "the loop's else ends in another place"),
        ("<p {% for y in ys %} a{% end %}>", "the loop's body ends in another place"),
    ])
    func `refuses`(page: String, problem: String) throws {
        let problems = try Drawn.problems(page, ["x": "a", "ys": ["a"]])
        #expect(problems.count == 1)
        #expect(problems.first?.contains(problem) == true, "\(problems)")
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
        let example: Record = ["x": .phrase("a", ["name": .text("<me>")]), "name": "<me>"]
        let drawn = "&#34;You&#34; &amp; &lt;me&gt;"
        for page in ["{{ x }}", "{{ t(\"a\", name=name) }}"] {
            #expect(try Drawn.page(page, example, languages: languages) == drawn)
            #expect(
                try Drawn.page("<p title='\(page)'>", example, languages: languages)
                    == "<p title='\(drawn)'>"
            )
        }
    }

    @Test func `a text file is drawn without any escape`() throws {
        let templates = try Templates(
            files: ["mail.txt": Array("{# page Mail #}\n<{{ x }}> \"{{ y }}\"\n".utf8)],
            languages: Drawn.languages(),
            pages: [PageShape(template: "mail.txt", example: ["x": "a", "y": "b"])],
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
