import Templating
import Testing

/// Each piece of the syntax, in the smallest page that shows it.
@Suite struct SyntaxTests {
    static let example: Record = [
        "name": "Ada",
        "note": .text("yes"),
        "count": 3,
        "no": false,
        "yes": true,
        "nothing": "",
        "zero": 0,
        "state": "done",
        "names": ["Ada", "Ben", "Cora"],
        "visits": [
            ["time": "9:00", "person": ["name": "Ben"], "tags": ["a", "b"]],
            ["time": "14:00", "person": ["name": "Cora"], "tags": ["c"]],
        ],
        "person": ["name": "Ben", "address": ["town": "Hebden Bridge"]],
    ]

    @Test(arguments: [
        ("plain", "plain"),
        ("{{ name }}", "Ada"),
        ("a{{name}}b", "aAdab"),
        ("{{ count }}", "3"),
        ("{{ \"a text\" }}", "a text"),
        ("{{ 'it is \"so\"' }}", "it is &#34;so&#34;"),
        (#"{{ "a \" and a \\" }}"#, #"a &#34; and a \"#),
        ("{{ 42 }}", "42"),
        ("{{ person.name }} of {{ person.address.town }}", "Ben of Hebden Bridge"),
        ("{{ \"{{\" }}", "{{"),
        ("{ { } }", "{ { } }"),
        ("a{# a comment #}b", "ab"),
        ("a{# a comment {{ name }} {% if %} #}b", "ab"),

        ("{% if yes %}a{% end %}", "a"),
        ("{% if no %}a{% end %}", ""),
        ("{% if no %}a{% else %}b{% end %}", "b"),
        ("{% if no %}a{% elif yes %}b{% else %}c{% end %}", "b"),
        ("{% if no %}a{% elif no %}b{% else %}c{% end %}", "c"),
        ("{% if no %}a{% elif no %}b{% elif yes %}c{% end %}", "c"),
        ("{% if not no %}a{% end %}", "a"),
        ("{% if not not yes %}a{% end %}", "a"),
        ("{% if name %}a{% end %}", "a"),
        ("{% if nothing %}a{% else %}b{% end %}", "b"),
        ("{% if zero %}a{% else %}b{% end %}", "b"),
        ("{% if count %}a{% end %}", "a"),
        ("{% if names %}a{% end %}", "a"),
        ("{% if person %}a{% end %}", "a"),
        ("{% if person.address.town %}a{% end %}", "a"),
        ("{% if yes and count %}a{% end %}", "a"),
        ("{% if yes and no %}a{% else %}b{% end %}", "b"),
        ("{% if no or yes %}a{% end %}", "a"),
        ("{% if no or nothing or zero %}a{% else %}b{% end %}", "b"),
        ("{% if no and no or yes %}a{% end %}", "a"),
        ("{% if no and (no or yes) %}a{% else %}b{% end %}", "b"),
        ("{% if not (no or yes) %}a{% else %}b{% end %}", "b"),
        ("{% if not (no and yes) and yes %}a{% end %}", "a"),
        ("{% if state == \"done\" %}a{% end %}", "a"),
        ("{% if state != \"done\" %}a{% else %}b{% end %}", "b"),
        ("{% if \"done\" == state %}a{% end %}", "a"),
        ("{% if count == 3 and state == 'done' %}a{% end %}", "a"),
        ("{% if name == person.name %}a{% else %}b{% end %}", "b"),
        ("{% if person.name == person.name %}a{% end %}", "a"),
        ("{% if yes == no %}a{% else %}b{% end %}", "b"),
        ("{% if yes == true %}a{% end %}", "a"),
        ("{% if true %}a{% end %}", "a"),
        ("{% if names | count == 3 %}a{% end %}", "a"),
        ("{% if names | count %}a{% end %}", "a"),

        ("{% for name in names %}{{ name }};{% end %}", "Ada;Ben;Cora;"),
        (
            "{% for visit in visits %}{{ visit.time }} {{ visit.person.name }};{% end %}",
            "9:00 Ben;14:00 Cora;"
        ),
        ("{% for n in names %}{{ loop.index }}{% if not loop.last %},{% end %}{% end %}", "1,2,3"),
        ("{% for n in names %}{% if loop.first %}({% end %}{{ n }}{% end %})", "(AdaBenCora)"),
        ("{% for n in names %}{% if loop.index == 2 %}{{ n }}{% end %}{% end %}", "Ben"),
        ("{% for n in names %}{% if loop.last == true %}{{ n }}{% end %}{% end %}", "Cora"),
        (
            "{% for v in visits %}{% for tag in v.tags %}{{ loop.index }}{{ tag }}{{ v.time }} {% end %}{% end %}",
            "1a9:00 2b9:00 1c14:00 "
        ),
        (
            "{% for v in visits %}{% let outer = loop.index %}{% for tag in v.tags %}{{ outer }}{{ tag }}{% end %}{% end %}{% end %}",
            "1a1b2c"
        ),
        ("{% for n in names %}{{ n }}{% else %}none{% end %}", "AdaBenCora"),

        ("{% let who = person.name %}{{ who }}{% end %}", "Ben"),
        ("{% let p = person %}{{ p.address.town }}{% end %}", "Hebden Bridge"),
        (
            "{% let p = person.address %}{% let q = p %}{{ q.town }}{% end %}{% end %}",
            "Hebden Bridge"
        ),
        ("{% let busy = yes and count == 3 %}{% if busy %}a{% end %}{% end %}", "a"),

        ("{{ names | join(\", \") }}", "Ada, Ben, Cora"),
        ("{{ names | join(\" & \") }}", "Ada &amp; Ben &amp; Cora"),
        ("{{ names | count }}", "3"),
        ("{{ nothing | default(\"none <yet>\") }}", "none &lt;yet&gt;"),
        ("{{ name | default(\"nobody\") }}", "Ada"),

        ("a {%- if yes -%} b {%- end -%} c", "abc"),
        ("a {{- name -}} b", "aAdab"),
        ("a {#- gone -#} b", "ab"),
        ("a\n  {%- if yes %} b{% end %}", "a b"),
        ("a\n{% if yes %}\nb\n{% end %}\nc\n", "a\nb\nc\n"),
        ("a\n  {% if yes %}  \n  b\n  {% end %}\r\nc", "a\n  b\nc"),
        ("a\n{# gone #}\nb", "a\nb"),
        ("a\n{{ name }}\nb", "a\nAda\nb"),
        ("a {% if yes %}\nb{% end %}", "a \nb"),
        ("a\n{% if yes %} b\n{% end %}", "a\n b\n"),
    ])
    func `draws`(page: String, expected: String) throws {
        #expect(try Drawn.page("\n" + page, Self.example) == expected)
    }
}
