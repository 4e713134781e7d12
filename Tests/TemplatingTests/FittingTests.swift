import Testing

@testable import Templating

/// Whether templates, what is in them and the pages that fill them belong together.
@Suite struct FittingTests {
    @Test func `a page's template and its example fit together`() throws {
        let languages = try Drawn.languages()
        func problems(_ files: [String: String], _ pages: [PageShape]) -> [String] {
            let error = #expect(throws: TemplateProblems.self) {
                try Templates(
                    files: files.mapValues { Array($0.utf8) },
                    languages: languages,
                    pages: pages,
                    site: [:]
                )
            }
            return error?.problems ?? []
        }
        let page = PageShape(name: "A", template: "a.html", example: [:])
        #expect(problems([:], [page]) == ["a.html: there is no such template for the page “A”"])
        #expect(
            problems(["a.html": "a"], [page])
                == ["a.html:1:1: the first line names the page: {# page WeekPage #}"]
        )
        #expect(
            problems(["a.html": "{# page A #}"], [page, page])
                == ["a.html: two pages fill this template"]
        )
        #expect(
            problems(
                ["a.html": "{# page A #}"],
                [
                    PageShape(
                        name: "A",
                        template: "a.html",
                        example: [
                            "loop": 1, "in": 1, "a": 1, "a": 2, "b-c": ["d": 1, "d": 2, "not": 1],
                        ]
                    )
                ]
            ) == [
                "a.html:1:1: the example has the name “a” twice",
                "a.html:1:1: the example has the name “d” twice",
                "a.html:1:1: the example uses the name “in”, which has a meaning of its own",
                "a.html:1:1: the example uses the name “loop”, which has a meaning of its own",
                "a.html:1:1: the example's name “b-c” cannot be written in a template",
            ]
        )
        #expect(
            problems(["a.html": "{# page B #}", "b.html": "{# page B #}", "c.html": ""], [page])
                == [
                    "a.html:1:1: the page that fills this is “A”, not “B”",
                    "b.html:1:1: there is no page “B” to fill this",
                    "c.html:1:1: no page draws this file, so nothing in it is checked: use it or "
                        + "take it away",
                ]
        )
    }

    @Test(arguments: [
        (
            "{% component \"a\" hint=name %}{% end %}",
            ["components/a.html": "\n{% if hnit %}b{% end %}{{ hint }}"],
            ["components/a.html:2:7: nothing that uses the component “a” gives “hnit”"]
        ),
        (
            "{% component \"a\" %}b{% slot c %}d{% end %}{% end %}",
            ["components/a.html": "{{ slot }}{{ slot.c }}{% if slot.d %}e{% end %}"],
            ["components/a.html:1:29: nothing that uses the component “a” gives the slot “d”"]
        ),
        (
            "{% component \"a\" %}{% end %}",
            ["components/a.html": "{% if slot %}b{% end %}"],
            ["components/a.html:1:7: nothing that uses the component “a” gives anything to hold"]
        ),
        (
            // A part mentions it, and what has a meaning there needs none from outside.
            "{% component \"a\" list=names %}{% end %}",
            [
                "components/a.html":
                    "{% for n in list %}{% include \"_b.html\" %}{% end %}{% let m = list %}{% if m %}{% end %}{% end %}",
                "_b.html": "{{ n }}{% if m %}{% end %}",
            ],
            ["_b.html:1:14: nothing that uses the component “a” gives “m”"]
        ),
        (
            "{% component \"a\" n=name list=names %}{% end %}",
            ["components/a.html": "{% for n in list %}{{ n }}{% end %}"],
            ["page.html:1:37: the component “a” takes no “n”"]
        ),
        (
            "{% if name %}{% component \"a\" b=name %}{% end %}{% end %}{% component \"a\" %}{% end %}",
            ["components/a.html": "{% if b %}{{ b }}{% end %}"],
            []
        ),
        (
            "",
            ["components/a.html": "{{ slot }}", "_b.html": "{{ nowhere }}"],
            [
                "_b.html:1:1: no page draws this file, so nothing in it is checked: use it or "
                    + "take it away",
                "components/a.html:1:1: no page draws this file, so nothing in it is checked: use "
                    + "it or take it away",
            ]
        ),
        (
            "{% extends \"l.html\" %}{% block b %}{% end %}{% block a %}{% end %}",
            ["l.html": "{% block a %}{% block b %}{% end %}{% end %}"],
            [
                "l.html:1:14: the block “b” is drawn nowhere",
                "page.html:1:42: the block “b” is drawn nowhere",
            ]
        ),
        (
            "{% extends \"l.html\" %}{% block a %}{% block c %}{% end %}{% end %}",
            ["l.html": "{% block a %}{% end %}{% if site.yes %}{% block b %}{% end %}{% end %}"],
            []
        ),
        (
            "{% component \"a\" kind=\"b\" %}{% end %}",
            ["components/a.html": "{% if kind == \"b\" %}b{% elif kind == \"c\" %}c{% end %}"],
            ["components/a.html:1:30: no page comes to this branch: take it away"]
        ),
        (
            "{% component \"a\" b=name %}{% end %}{% if 1 %}{% else %}{% end %}",
            ["components/a.html": "{% if b or true %}{{ b }}{% else %}c{% end %}"],
            ["components/a.html:1:36: no page comes to this branch: take it away"]
        ),
        (
            "{% component \"a\" kind=\"b\" %}{% end %}{% component \"a\" kind=\"c\" %}{% end %}",
            ["components/a.html": "{% if kind == \"b\" %}b{% elif kind == \"c\" %}c{% end %}"],
            []
        ),
    ])
    func `what nobody uses or gives is told`(
        page: String,
        files: [String: String],
        expected: [String]
    ) throws {
        #expect(
            try Drawn.problems(page, ProblemTests.example, and: files, site: ["yes": true])
                == expected
        )
    }
}
