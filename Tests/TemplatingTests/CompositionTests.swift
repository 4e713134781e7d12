import Templating
import Testing

/// Layouts, parts, components and their slots.
@Suite struct CompositionTests {
    @Test func `a page fills its layout's blocks and leaves the others as they are`() throws {
        let files = [
            "layouts/page.html": """
            <title>{% block title %}Kith{% end %}</title>
            <main>{% block main %}{% end %}</main>
            {% block foot %}{{ site.name }}{% end %}
            """
        ]
        let page = """
            {% extends "layouts/page.html" %}
            {# what it is for #}
            {% block main %}Hello {{ name }}{% end %}
            {% block title %}{{ name }}{% end %}
            """
        let drawn = try Drawn.page(page, ["name": "Ada"], and: files, site: ["name": "Calder"])
        #expect(drawn == "<title>Ada</title>\n<main>Hello Ada</main>\nCalder")
    }

    @Test func `the block nearest to the page counts`() throws {
        let files = [
            "outer.html": "[{% block main %}outer{% end %}][{% block side %}outer side{% end %}]",
            "inner.html":
                "{% extends \"outer.html\" %}{% block main %}<p>{% block text %}inner{% end %}</p>{% end %}"
                + "{% block side %}inner side{% end %}",
        ]
        let page = "{% extends \"inner.html\" %}{% block text %}page{% end %}"
        #expect(try Drawn.page(page, and: files) == "[<p>page</p>][inner side]")
        let outer = files.filter { $0.key == "outer.html" }
        #expect(try Drawn.page("{% extends \"outer.html\" %}", and: outer) == "[outer][outer side]")
    }

    @Test func `a block sees the names of the place where it stands`() throws {
        let files = ["l.html": "{% for n in names %}{% block each %}{% end %}{% end %}"]
        let page = "{% extends \"l.html\" %}{% block each %}{{ n }}{{ loop.index }} {% end %}"
        #expect(try Drawn.page(page, ["names": ["a", "b"]], and: files) == "a1 b2 ")
    }

    @Test func `a block is escaped for the place where it stands`() throws {
        let files = [
            "l.html": "<a href=\"/{% block x %}{% end %}\" title=\"{% block y %}{% end %}\">"
        ]
        let page =
            "{% extends \"l.html\" %}{% block x %}{{ v }}{% end %}{% block y %}{{ v }}{% end %}"
        #expect(
            try Drawn.page(page, ["v": "/\""], and: files)
                == "<a href=\"/%2F%22\" title=\"/&#34;\">"
        )
    }

    @Test func `a part sees the names round it`() throws {
        let files = ["_row.html": "<li>{{ visit.time }} {{ name }}{{ loop.index }}"]
        let page = "{% for visit in visits %}{% include \"_row.html\" %}{% end %}"
        let example: Record = ["name": "Ada", "visits": [["time": "9:00"], ["time": "9:30"]]]
        #expect(try Drawn.page(page, example, and: files) == "<li>9:00 Ada1<li>9:30 Ada2")
    }

    static let field = [
        "components/field.html": """
        <label for="{{ name }}">{{ label }}</label>
        {% if slot.hint %}
        <p>{{ slot.hint }}</p>
        {% end %}
        <input name="{{ name }}" value="{{ field.value }}"{% if wide %} class="wide"{% end %}>
        {% if slot %}
        <div>{{ slot }}</div>
        {% end %}
        <i>{{ unit | default("minutes") }}, {{ site.name }}</i>
        """
    ]

    @Test func `a component draws its arguments and its slots`() throws {
        let page = """
            {% for f in fields %}{% component "field" name="start" label=f.label field=f %}
            more about {{ f.label }}{% slot hint %}for {{ name }}, {{ loop.index }}{% end %}{% end %}
            {% if other %}{% component "field" name="a" label="b" field=f wide=true unit="c" %}{% end %}{% end %}
            {% end %}
            """
        let example: Record = [
            "name": "Ada", "other": false, "fields": [["label": "Start", "value": "9:00"]],
        ]
        let drawn = try Drawn.page(page, example, and: Self.field, site: ["name": "Calder"])
        #expect(
            drawn == """
                <label for="start">Start</label>
                <p>for Ada, 1</p>
                <input name="start" value="9:00">
                <div>
                more about Start</div>
                <i>minutes, Calder</i>


                """
        )
    }

    @Test func `an argument that is not given is false, and its branch needs nothing`() throws {
        let files = [
            "components/a.html":
                "{% if hint %}{{ hint }}{% else %}-{% end %}{% if kind == \"b\" %}b{% else %}c{% end %}"
        ]
        let page =
            "{% component \"a\" %}{% end %}{% component \"a\" hint=\"h\" kind=\"b\" %}{% end %}"
        #expect(try Drawn.page(page, and: files) == "-chb")
    }

    @Test func `a component may stand in another's slot, and hand its arguments on`() throws {
        let files = [
            "components/box.html": "[{{ slot }}]",
            "components/card.html":
                "{% component \"box\" %}{{ title }}{{ slot }}{% component \"text\" is=title %}{% end %}{% end %}",
            "components/text.html": "<i>{{ is }}</i>",
        ]
        let page =
            "{% component \"box\" %}{% component \"box\" %}{% component \"card\" title=name %}{% let title = \"x\" %}{{ title }}{% end %}{% end %}{% end %}{% end %}"
        #expect(try Drawn.page(page, ["name": "Ada"], and: files) == "[[[Adax<i>Ada</i>]]]")
    }

    @Test func `an argument means what it meant where it was written`() throws {
        let files = [
            "components/list.html": "{% for visit in others %}{{ visit }}{{ given }} {% end %}"
        ]
        let page =
            "{% for visit in visits %}{% component \"list\" given=visit others=names %}{% end %}{% end %}"
        let example: Record = ["visits": ["1", "2"], "names": ["a", "b"]]
        #expect(try Drawn.page(page, example, and: files) == "a1 b1 a2 b2 ")
    }

    @Test func `a slot is escaped for the place where the component draws it`() throws {
        let files = ["components/tip.html": "<p title=\"{{ slot }}\">{{ slot }}</p>"]
        let page = "{% component \"tip\" %}{{ x }}{% end %}"
        #expect(
            try Drawn.page(page, ["x": "\"<"], and: files) == "<p title=\"&#34;&lt;\">&#34;&lt;</p>"
        )
        let problems = try Drawn.problems(
            "{% component \"tip\" %}<b title=\"a\">{% end %}",
            and: files
        )
        #expect(problems.contains { $0.contains("a space is missing") })
    }

    @Test func `phrases and conditions can be arguments`() throws {
        let languages = try Drawn.languages(
            english: #"{"n": {"one": "{count} visit", "other": "{count} visits"}}"#,
            welsh: #"{"n": {"other": "{count} ymweliad"}}"#
        )
        let files = [
            "components/a.html": "<p title=\"{{ label }}\">{% if on %}{{ label }}{% end %}</p>"
        ]
        let page =
            "{% component \"a\" label=t(\"n\", count=visits | count) on=yes and not no %}{% end %}"
        let example: Record = ["yes": true, "no": false, "visits": ["a"]]
        #expect(
            try Drawn.page(page, example, and: files, languages: languages)
                == "<p title=\"1 visit\">1 visit</p>"
        )
    }
}
