import Testing

@testable import Templating

/// One mistake hides no other: what is told is what is wrong, all of it, each once.
@Suite struct AtOnceTests {
    /// Each problem's column, in order.
    @Test(arguments: [
        // The HTML.
        ("<p style=\"a\" onclick=\"{{ x }}\" title={{ x }}>", [9, 21, 38]),
        ("<p title={{ x }}></p><script>{{ x }}</script>", [10, 30]),
        ("<p title={{ x }} id=a{{ x }}></p>", [10, 22]),
        ("<script>{{ x }}</script><script>{{ x }}</script>", [9, 33]),
        ("<p {{ x }} b=\"{{ x }}\" c{{ x }}=\"{{ x }}\" {{ x }}></p {{ x }}>", [4, 25, 43, 55]),
        ("<p {% for y in ys %}{{ y }} {% end %}b></p><p style='a'>", [21, 52]),
        ("<p {% if x %}{{ x }}{% end %} style='a'>", [14, 36]),
        ("<img srcset=\"{{ x }}\"><p style='a'>", [14, 31]),
        ("<a href=\"javascript:{{ x }}:{{ x }}\" style='a'>", [20, 43]),
        ("<a href=\"data:{{ x }}/{{ x }}\" style='a'>", [15, 37]),
        ("<script src=\"{{ x }}/{{ x }}/a.js\"></script><p style='a'>", [21, 53]),
        ("<script src=\"{{ x }}{{ x }}/a.js\"></script><p style='a'>", [21, 52]),
        ("<!-- {{ x }} {{ x }} --><p style='a'><!-- {{ x }} -->", [6, 33, 43]),
        // Where it is open where the HTML has got to, nothing more is said of it.
        ("<{{ x }} style='a'>{{ nope }}", [2, 23]),
        ("<p a=\"1\"b style='a'>{{ nope }}", [9, 24]),

        // A tag's head.
        ("{% for y on ys %}{{ nope }}{{ y }}{{ y.z }}{{ loop.index }}{% end %}", [10, 21]),
        ("{% for y on ys %}{% else %}{{ nope }}{% end %}", [10, 31]),
        ("{% for y in ys ys %}{% if y == 1 %}{{ nope }}{% end %}{% end %}", [16, 39]),
        ("{% for y in nope %}{{ gone }}{{ y | join(\"\") }}{% end %}", [13, 23]),
        ("{% for 1 in ys %}{{ y }}{{ x.y }}{% end %}{{ y }}", [8, 28, 46]),
        ("{% if x x %}{{ nope }}{% else %}{{ gone }}{% end %}", [9, 16, 36]),
        ("{% if x %}{% elif %}{{ nope }}{% end %}", [14, 24]),
        ("{% let y x %}{{ nope }}{{ y }}{{ y | default(\"a\") }}{% end %}", [10, 17]),
        ("{% let t = x %}{{ y }}{{ x.y }}{% end %}", [8, 26]),
        ("{% if x x %}<p title=\"{% end %}", [1, 9]),
    ])
    func `all that is wrong is told`(page: String, columns: [Int]) throws {
        let problems = try Drawn.problems("\n" + page, ["x": "a", "ys": ["a"]])
        #expect(
            problems.map { $0.prefix { $0 != " " } } == columns.map { "page.html:2:\($0):" },
            "\(problems)"
        )
    }
}
