/// Turns templates and records into pages.
///
/// Templates are read and compiled at the start for the usual language, and for another when a
/// page is first drawn in it: every name is resolved to a place in its page's record, every value
/// gets the escape its place in the HTML needs, and every sentence is put into words. What is left
/// to do for a page is to copy bytes.
///
/// A template decides only *whether* and *how often*. It never computes, formats, reads the
/// database or calls code of ours. A name that a page does not fill stops the start; a value that
/// is missing when a page is drawn stops the page. Nothing is ever drawn as a gap, and nothing
/// that a person typed is ever drawn as HTML.
///
/// The syntax, in one place:
///
///     {{ name }}  {{ visit.time }}  {{ names | join(", ") }}  {{ note | default("None yet") }}
///     {% if a and not b %}…{% elif state == "done" or visits | count == 0 %}…{% else %}…{% end %}
///     {% for visit in visits %}{{ loop.index }} {% if loop.last %}…{% end %}{% else %}…{% end %}
///     {% let person = visit.person %}…{% end %}
///     {% extends "layouts/page.html" %}  {% block main %}…{% end %}
///     {% include "bookings/_card.html" %}
///     {% component "field" name="start" label=t("bookings.start") %}
///         …{% slot hint %}…{% end %}
///     {% end %}
///     {{ t("bookings.title", name=person.name) }}
///     {# a comment #}   {%- and -%} take away the white space beside them
///
/// A line that holds nothing but one tag or comment leaves no empty line behind. A component
/// sees its arguments, its slots and `site`; an argument that this use does not
/// give is false in a condition and cannot be drawn. The first line of a page's template is
/// `{# page WeekPage #}`.
enum Templating {
    /// How deeply blocks, files and slots may stand inside one another.
    static let deepest = 100
    /// How many pieces one page may be compiled from, in case includes multiply.
    static let mostPieces = 100_000

    /// As how many pieces a text counts.
    static func pieces(ofText bytes: Int) -> Int { 1 + bytes / 64 }

    /// After how many problems a file is not read any further.
    static let mostProblems = 50
    /// How long a drawn page may be.
    static let longestPage = 64 << 20
}
