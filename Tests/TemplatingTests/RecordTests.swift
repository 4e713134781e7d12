import Basics
import Testing

@testable import Templating

/// Records and values, as page authors write them.
@Suite struct RecordTests {
    private struct Visit {
        let time: String
        let note: String?

        var record: Record { ["time": .text(time), "note": .optional(note)] }
    }

    @Test func `a page writes its record as a dictionary`() throws {
        let visits = [Visit(time: "9:00", note: nil), Visit(time: "14:00", note: "tea")]
        let week = "2026-W47"
        let record: Record = [
            "name": .text("Ada"),
            "week": "\(week)",
            "count": .int(visits.count),
            "late": true,
            "visits": .list(visits.map(\.record)),
            "names": .list(["Ada", "Ben"]),
            "next": .optional(visits.first?.record),
            "hint": .optional("none"),
        ]
        let page =
            "{{ name }} {{ week }} {{ count }} {% if late %}late{% end %} "
            + "{% for v in visits %}{{ v.time }}{% if v.note %} {{ v.note }}{% end %};{% end %} "
            + "{{ names | join(\"+\") }} {{ next.time }} {{ hint }}"
        #expect(
            try Drawn.page(page, record)
                == "Ada 2026-W47 2 late 9:00;14:00 tea; Ada+Ben 9:00 none"
        )
    }

    @Test func `names and values can be asked for`() {
        let record: Record = ["b": 1, "a": "x"]
        #expect(record.names == ["b", "a"])
        if case .int(1)? = record["b"] {} else { Issue.record("b is not 1") }
        #expect(record["c"] == nil)
    }

    @Test func `nothing that is optional is none`() {
        let values: [Value] = [
            .optional(String?.none), .optional(Int?.none), .optional(Record?.none),
            .optional(SafeHTML?.none),
        ]
        for value in values {
            if case .none = value {} else { Issue.record("\(value) is not none") }
        }
    }

    @Test func `a description tells no values`() {
        #expect("\(["name": "secret", "age": 81] as Record)" == "Record(name, age)")
    }

    /// Shapes are told apart by a hash, so near names must not share one.
    @Test func `another name or another order is another shape`() {
        let records: [Record] = [
            [:], ["a": 1], ["b": 1], ["a": 1, "b": 1], ["b": 1, "a": 1], ["ab": 1],
            ["a": 1, "a": 1],
            ["aaaaaaaa": 1], ["aaaaaaab": 1], ["baaaaaaa": 1], ["aaaaaaaaa": 1], ["aaaaaaaab": 1],
            ["aaaaaaaaaaaaaaaa": 1], ["aaaaaaaabaaaaaaa": 1], ["aaaaaaaaaaaaaaab": 1],
            ["aaaaaaaa": 1, "a": 1], ["é": 1], ["e": 1], ["name": 1, "visit": 1],
            ["namev": 1, "isit": 1],
        ]
        #expect(Set(records.map(\.shape)).count == records.count)
        #expect(
            (["name": 1, "visit": "x"] as Record).shape
                == (["name": .none, "visit": true] as Record).shape
        )
    }

    @Test func `a record written as a value is the same as one written alone`() {
        let value: Value = ["name": "Ada"]
        let shape = (["name": "Ben"] as Record).shape
        if case .record(let record) = value, record.shape == shape {
        } else {
            Issue.record("not so")
        }
    }
}
