import Basics
import Testing

@testable import Templating

/// Days, times and amounts as people say them, in both languages.
@Suite struct WordsTests {
    private static func words(_ code: String) throws -> Words {
        let languages = try Languages.load(folder: Drawn.locales)
        return try #require(languages[code])
    }

    @Test(arguments: [
        ("en-GB", "2026-11-19", "Thursday 19 November", "Thursday 19 November 2026", "Thu 19 Nov"),
        ("en-GB", "2027-03-01", "Monday 1 March", "Monday 1 March 2027", "Mon 1 Mar"),
        ("cy", "2026-11-19", "Dydd Iau 19 Tachwedd", "Dydd Iau 19 Tachwedd 2026", "Iau 19 Tach"),
        ("cy", "2027-02-28", "Dydd Sul 28 Chwefror", "Dydd Sul 28 Chwefror 2027", "Sul 28 Chwef"),
    ])
    func `days`(code: String, iso: String, day: String, full: String, short: String) throws {
        let words = try Self.words(code)
        let date = try #require(CivilDay(iso))
        #expect(words.day(date) == day)
        #expect(words.fullDay(date) == full)
        #expect(words.shortDay(date) == short)
    }

    @Test(arguments: ["en-GB", "cy"])
    func `every day of the week and month of the year has its own name`(code: String) throws {
        let words = try Self.words(code)
        let week = (0..<7).map { CivilDay(dayNumber: $0) }
        #expect(Set(week.map { words.language.weekday($0) }).count == 7)
        #expect(Set(week.map(words.shortWeekday)).count == 7)
        #expect(Set((1...12).map { words.language.month($0) }).count == 12)
        #expect(Set((1...12).map(words.shortMonth)).count == 12)
        #expect(words.shortMonth(0) == "")
        #expect(words.shortMonth(13) == "")
    }

    @Test(arguments: [(9, 0, "9:00"), (0, 5, "0:05"), (14, 0, "14:00"), (23, 59, "23:59")])
    func `times`(hour: Int, minute: Int, expected: String) throws {
        let time = try #require(CivilTime(hour: hour, minute: minute))
        #expect(try Self.words("en-GB").time(time) == expected)
        #expect(try Self.words("cy").time(time) == expected)
    }

    @Test(arguments: [
        (0, "£0.00"), (5, "£0.05"), (50, "£0.50"), (18_450, "£184.50"), (100_000, "£1,000.00"),
        (123_456_789, "£1,234,567.89"), (-500, "−£5.00"), (-1, "−£0.01"),
        (Int64.max, "£92,233,720,368,547,758.07"), (Int64.min, "−£92,233,720,368,547,758.08"),
    ])
    func `pounds, with a real minus`(pence: Int64, expected: String) throws {
        #expect(try Self.words("en-GB").money(.pence(pence)) == expected)
        #expect(try Self.words("cy").money(.pence(pence)) == expected)
    }

    @Test(arguments: [
        ("en-GB", 0, "0 minutes"), ("en-GB", 1, "1 minute"), ("en-GB", 59, "59 minutes"),
        ("en-GB", 60, "1 hour"), ("en-GB", 75, "1 hour 15 minutes"),
        ("en-GB", 121, "2 hours 1 minute"),
        ("en-GB", -90, "−1 hour 30 minutes"), ("cy", 60, "1 awr"), ("cy", 75, "1 awr 15 munud"),
        ("cy", 122, "2 awr 2 funud"), ("cy", -30, "−30 munud"),
    ])
    func `lengths of time, which care coins are said in too`(
        code: String,
        count: Int64,
        expected: String
    ) throws {
        let words = try Self.words(code)
        #expect(words.minutes(Minutes(count)) == expected)
        #expect(words.money(Money(minor: count, .coin)) == expected)
    }

    @Test func `no length of time is too long to be said`() throws {
        let words = try Self.words("en-GB")
        #expect(words.minutes(Minutes(.min)) == "−153722867280912930 hours 8 minutes")
    }

    @Test func `phrases are filled with whatever an argument can be`() throws {
        let languages = try Drawn.languages(
            english:
                #"{"all": "{text}, {number}, {money}, {minutes}, {day}, {time}, {phrase}.", "in": "[{a}]"}"#,
            welsh:
                #"{"all": "{phrase}, {time}, {day}, {minutes}, {money}, {number}, {text}.", "in": "({a})"}"#
        )
        let arguments: [String: Phrase.Argument] = [
            "text": .text("a {number}"), "number": .number(12), "money": .money(.pence(5)),
            "minutes": .minutes(Minutes(5)), "day": .day(try #require(CivilDay("2026-11-19"))),
            "time": .time(try #require(CivilTime(hour: 9, minute: 0))),
            "phrase": .phrase(Phrase("in", ["a": .text("b")])),
        ]
        #expect(
            languages["en-GB"]?("all", arguments)
                == "a {number}, 12, £0.05, 5 minutes, Thursday 19 November, 9:00, [b]."
        )
        #expect(
            languages["cy"]?(Phrase("all", arguments))
                == "(b), 9:00, Dydd Iau 19 Tachwedd, 5 munud, £0.05, 12, a {number}."
        )
    }

    @Test func `a plural form is chosen by count, or by the only number`() throws {
        let languages = try Drawn.languages(
            english:
                #"{"n": {"one": "one of {total}", "other": "{count} of {total}"}, "m": {"one": "1", "other": "more"}}"#,
            welsh: #"{"n": {"other": "{count} o {total}"}, "m": {"other": "mwy"}}"#
        )
        let words = languages.usual
        #expect(words("n", ["count": .number(1), "total": .number(5)]) == "one of 5")
        #expect(words("n", ["count": .number(2), "total": .number(1)]) == "2 of 1")
        #expect(words("m", ["visits": .number(1)]) == "1")
        #expect(words("m", ["visits": .number(3), "name": .text("x")]) == "more")
    }

    @Test(arguments: ["gone", "n", "g"])
    func `a phrase that cannot be said is its key`(key: String) throws {
        let languages = try Drawn.languages(
            english: #"{"n": {"one": "1", "other": "n"}, "g": "{a}"}"#,
            welsh: #"{"n": {"other": "n"}, "g": "{a}"}"#
        )
        #expect(languages.usual(key, ["x": .number(1), "y": .number(2)]) == key)
    }

    @Test func `a language knows its code and direction`() throws {
        let words = try Self.words("cy")
        #expect(words.code == "cy")
        #expect(words.direction == "ltr")
        #expect(Words(language: Language(code: "ar", phrases: [:])).direction == "rtl")
    }
}
