package import Basics

/// One language, to say things in.
package struct Words: Sendable {
    let language: Language

    /// As HTML and HTTP write it: "en-GB", "cy".
    package var code: String { language.code }

    /// As HTML's `dir` writes it.
    package var direction: String {
        let first = code.split(separator: "-").first ?? ""
        return ["ar", "fa", "he", "ps", "ur", "yi"].contains(first) ? "rtl" : "ltr"
    }

    /// A phrase that cannot be said, since it is missing or a gap is, is its own key: the sweep
    /// over all phrases finds it long before a person does.
    package func callAsFunction(_ phrase: Phrase) -> String {
        switch language.say(phrase) {
        case .success(let text): text
        case .failure: phrase.key
        }
    }

    package func callAsFunction(
        _ key: String,
        _ arguments: [String: Phrase.Argument] = [:]
    ) -> String {
        self(Phrase(key, arguments))
    }

    /// "Thursday 19 November", "Dydd Iau 19 Tachwedd"
    package func day(_ day: CivilDay) -> String { language.day(day) }

    /// "Thursday 19 November 2026"
    package func fullDay(_ day: CivilDay) -> String { language.fullDay(day) }

    /// "Thu 19 Nov"
    package func shortDay(_ day: CivilDay) -> String { language.shortDay(day) }

    /// "Thu"
    package func shortWeekday(_ day: CivilDay) -> String { language.weekday(day, short: true) }

    /// "Nov", for 11.
    package func shortMonth(_ month: Int) -> String { language.month(month, short: true) }

    /// "9:00"
    package func time(_ time: CivilTime) -> String { language.time(time) }

    /// "£184.50", "−£5.00"; care coins as the time they stand for, "1 hour 15 minutes".
    package func money(_ money: Money) -> String { language.money(money) }

    /// "1 hour 15 minutes"
    package func minutes(_ minutes: Minutes) -> String { language.minutes(minutes) }
}
