import Testing

@testable import Templating

/// A value that is a whole segment of an address cannot make the link lead to another one.
@Suite struct DotSegmentTests {
    @Test(arguments: [
        ("/g/{{ x }}/end", "..", "#g/../end"),
        ("/g/{{ x }}/end", ".", "#g/./end"),
        ("/g/{{ x }}", "..", "#g/.."),
        ("/g/{{ x }}?a=b", "..", "#g/..?a=b"),
        ("/g/{{ x }}#a", "..", "#g/..#a"),
        ("/g/{{ x }} ", "..", "#g/.. "),
        ("g/{{ x }}", "..", "#/.."),
        ("{{ y }}/{{ x }}", "..", "#g/.."),
        ("{{ y }}/{{ x }}/{{ x }}", "..", "#g/../.."),
        ("/g/{{ x }}\\a", "..", "#g/..\\a"),
        ("/g\\{{ x }}", "..", "#g\\.."),
        ("/g/\n{{ x }}\t/a", "..", "#g/\n..\t/a"),
        ("/g&sol;{{ x }}", "..", "#g&sol;.."),
        ("/g/{{ x }}&sol;a", "..", "#g/..&sol;a"),
        (" /g/{{ x }}", "..", " #g/.."),
        ("/it's/{{ x }}", "..", "#it's/.."),

        // Two values, or a value and what is written, in one segment.
        ("/g/{{ x }}{{ x }}/end", ".", "#g/../end"),
        ("/g/{{ x }}{{ none }}/end", "..", "#g/../end"),
        ("/g/{{ none }}{{ x }}/end", "..", "#g/../end"),
        ("{{ none }}{{ x }}", "..", "#."),
        ("/g/{% if x %}{{ x }}{% end %}{{ x }}/end", ".", "#g/../end"),
        ("/g/{{ xs | join(\"\") }}", "", "#g/.."),
        ("/g/.{{ x }}/end", ".", "#g/../end"),
        ("/g/{{ x }}./end", ".", "#g/../end"),
        ("/g/%2e{{ x }}/end", ".", "#g/%2e./end"),
        ("/g/{{ x }}%2E/end", ".", "#g/.%2E/end"),
        ("/g/{{ x }}{% if y %}/a{% end %}", "..", "#g/../a"),

        // What leads nowhere else stays.
        ("/g/{{ x }}/end", "...", "/g/.../end"),
        ("/g/{{ x }}/end", "a.", "/g/a./end"),
        ("/g/{{ x }}/end", ".a", "/g/.a/end"),
        ("/g/{{ x }}/end", "%2e%2e", "/g/%252e%252e/end"),
        ("/g/{{ x }}{{ x }}/end", "..", "/g/..../end"),
        ("/g/{{ x }}{{ x }}a", ".", "/g/..a"),
        ("/g/{{ x }}-card", "..", "/g/..-card"),
        ("/g/{{ x }}.html", ".", "/g/..html"),
        ("/g/a{{ x }}", "..", "/g/a.."),
        ("../{{ x }}", "a.", "../a."),
        ("/g?q={{ x }}", "..", "/g?q=.."),
        ("/g?next=/{{ x }}/a", "..", "/g?next=/../a"),
        ("/g#{{ x }}", "..", "/g#.."),
        ("mailto:{{ x }}", "..", "mailto:.."),
        ("{{ x }}", "..", ".."),
    ])
    func `a segment of dots leads nowhere`(address: String, value: String, expected: String)
        throws
    {
        let record: Record = ["x": .text(value), "y": "/g", "none": "", "xs": [".", "."]]
        for (before, after) in [
            ("<a href=\"", "\">{{ x }}"),
            ("<p>../</p><a data-href = \"", "\" title=\"/{{ x }}/\">"),
        ] {
            let drawn = try Drawn.page(before + address + after, record)
            #expect(drawn == before + expected + after.replacing("{{ x }}", with: value))
        }
    }

    @Test func `of several links only the one that would step about is changed`() throws {
        let page = "{% for x in xs %}<a href='/g/{{ x }}'></a>{% end %}"
        #expect(
            try Drawn.page(page, ["xs": ["a", "..", "b.", ".", "c"]])
                == "<a href='/g/a'></a><a href='#g/..'></a><a href='/g/b.'></a>"
                + "<a href='#g/.'></a><a href='/g/c'></a>"
        )
        #expect(
            try Drawn.page("<script src=\"/js/{{ x }}/a.js\"></script>", ["x": ".."])
                == "<script src=\"#js/../a.js\"></script>"
        )
    }
}
