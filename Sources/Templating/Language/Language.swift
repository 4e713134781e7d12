import Basics

/// All the phrases of one language, and the names of its days and months.
final class Language: Sendable {
    let code: String
    let phrases: [String: PhraseText]
    /// Phrases that have been told to be wrong, so that nothing they hold says more.
    let flawed: Set<String>
    /// False when one of its files was not read to its end, so that phrases may be missing that are
    /// there.
    let isWhole: Bool
    private let rules: PluralRules?
    private let weekdays: [String]
    private let shortWeekdays: [String]
    private let months: [String]
    private let shortMonths: [String]

    init(
        code: String,
        phrases: [String: PhraseText],
        flawed: Set<String> = [],
        isWhole: Bool = true
    ) {
        self.code = code
        self.phrases = phrases
        self.flawed = flawed
        self.isWhole = isWhole
        rules = PluralRules(of: code)
        func names(_ kind: String, _ count: Int) -> [String] {
            (1...count).map { number in
                guard case .plain(let pieces)? = phrases["dates.\(kind).\(number)"],
                    case .text(let name)? = pieces.first
                else { return "" }
                return name
            }
        }
        weekdays = names("weekday", 7)
        shortWeekdays = names("weekday.short", 7)
        months = names("month", 12)
        shortMonths = names("month.short", 12)
    }

    /// The phrases without which no date, time or amount can be said, and their gaps.
    static let needed: [String: Set<String>] = {
        var keys: [String: Set<String>] = [
            "dates.day": ["weekday", "day", "month"],
            "dates.day.full": ["weekday", "day", "month", "year"],
            "dates.day.short": ["weekday", "day", "month"],
            "dates.hours": ["count"],
            "dates.minutes": ["count"],
            "dates.hours-and-minutes": ["hours", "minutes"],
            "dates.less": ["amount"],
        ]
        for number in 1...7 {
            keys["dates.weekday.\(number)"] = []
            keys["dates.weekday.short.\(number)"] = []
        }
        for number in 1...12 {
            keys["dates.month.\(number)"] = []
            keys["dates.month.short.\(number)"] = []
        }
        return keys
    }()

    /// Those of them that may have plural forms.
    static let counted: Set<String> = ["dates.hours", "dates.minutes"]

    func pluralForm(of number: Int) -> PluralForm {
        // Without rules it has no phrase of several forms.
        rules?.form(of: number) ?? .other
    }

    // MARK: Phrases

    /// The phrase in words, or why it cannot be said.
    func say(_ phrase: Phrase) -> Result<String, Unsaid> {
        guard let text = phrases[phrase.key] else {
            return .failure(Unsaid(message: "the phrase “\(phrase.key)” is missing in \(code)"))
        }
        let pieces: [PhraseText.Piece]
        switch text {
        case .plain(let all): pieces = all
        case .plural(let forms, let other):
            guard let number = number(of: phrase) else {
                return .failure(
                    Unsaid(
                        message:
                            "the phrase “\(phrase.key)” needs a number, count, to choose its "
                            + "plural form"
                    )
                )
            }
            pieces = forms[pluralForm(of: number)] ?? other
        }
        var words = ""
        for piece in pieces {
            switch piece {
            case .text(let text): words += text
            case .gap(let name):
                guard let argument = phrase.arguments[name] else {
                    return .failure(
                        Unsaid(
                            message:
                                "the phrase “\(phrase.key)” has a gap {\(name)} that nothing fills"
                        )
                    )
                }
                switch self.words(argument) {
                case .success(let text): words += text
                case .failure(let unsaid): return .failure(unsaid)
                }
            }
        }
        return .success(words)
    }

    struct Unsaid: Error {
        let message: String
    }

    /// What chooses the plural form: the argument called count, or the only number there is.
    private func number(of phrase: Phrase) -> Int? {
        if case .number(let count)? = phrase.arguments["count"] { return count }
        let numbers = phrase.arguments.values.compactMap { argument in
            if case .number(let number) = argument { number } else { nil }
        }
        return numbers.count == 1 ? numbers[0] : nil
    }

    private func words(_ argument: Phrase.Argument) -> Result<String, Unsaid> {
        switch argument {
        case .text(let text): .success(text)
        case .number(let number): .success(String(number))
        case .money(let money): .success(self.money(money))
        case .minutes(let minutes): .success(self.minutes(minutes))
        case .day(let day): .success(self.day(day))
        case .time(let time): .success(self.time(time))
        case .phrase(let phrase): say(phrase)
        }
    }

    /// A phrase of `needed`, whose gaps are known.
    private func fill(_ key: String, _ gaps: [String: Phrase.Argument]) -> String {
        switch say(Phrase(key, gaps)) {
        case .success(let text): text
        case .failure: key
        }
    }

    // MARK: Days, times, amounts

    func weekday(_ day: CivilDay, short: Bool = false) -> String {
        (short ? shortWeekdays : weekdays)[day.weekday]
    }

    func month(_ month: Int, short: Bool = false) -> String {
        let names = short ? shortMonths : months
        return names.indices.contains(month - 1) ? names[month - 1] : ""
    }

    func day(_ day: CivilDay) -> String { fill("dates.day", parts(of: day)) }
    func fullDay(_ day: CivilDay) -> String { fill("dates.day.full", parts(of: day)) }
    func shortDay(_ day: CivilDay) -> String {
        fill("dates.day.short", parts(of: day, short: true))
    }

    private func parts(of day: CivilDay, short: Bool = false) -> [String: Phrase.Argument] {
        [
            "weekday": .text(weekday(day, short: short)),
            "day": .number(day.day),
            "month": .text(month(day.month, short: short)),
            "year": .number(day.year),
        ]
    }

    func time(_ time: CivilTime) -> String {
        time.minute < 10 ? "\(time.hour):0\(time.minute)" : "\(time.hour):\(time.minute)"
    }

    func minutes(_ minutes: Minutes) -> String {
        let total = minutes.count.magnitude
        let hours = Int(total / 60)
        let rest = Int(total % 60)
        let text: String
        switch (hours, rest) {
        case (0, _): text = fill("dates.minutes", ["count": .number(rest)])
        case (_, 0): text = fill("dates.hours", ["count": .number(hours)])
        default:
            text = fill(
                "dates.hours-and-minutes",
                [
                    "hours": .text(fill("dates.hours", ["count": .number(hours)])),
                    "minutes": .text(fill("dates.minutes", ["count": .number(rest)])),
                ]
            )
        }
        return minutes.count < 0 ? fill("dates.less", ["amount": .text(text)]) : text
    }

    func money(_ money: Money) -> String {
        switch money.currency {
        case .coin: return minutes(Minutes(money.minor))
        case .gbp:
            let total = money.minor.magnitude
            let pence = total % 100
            let text = "£\(grouped(total / 100)).\(pence < 10 ? "0" : "")\(pence)"
            return money.isNegative ? fill("dates.less", ["amount": .text(text)]) : text
        }
    }

    /// In groups of three, as in 1,184.
    private func grouped(_ number: UInt64) -> String {
        let digits = Array(String(number).utf8)
        var grouped: [UInt8] = []
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { grouped.append(UInt8(ascii: ",")) }
            grouped.append(digit)
        }
        return String(decoding: grouped, as: UTF8.self)
    }
}
