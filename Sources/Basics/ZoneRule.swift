/// How a zone goes on for ever, as POSIX writes it: `GMT0BST,M3.5.0/1,M10.5.0` (RFC 9636, 3.3.1).
struct ZoneRule: Sendable {
    /// Seconds east of UTC.
    private let usual: Int64
    private let summer: Summer?

    private struct Summer: Sendable {
        let offset: Int64
        let begins: Moment
        let ends: Moment
    }

    /// Nil for what is not such a rule.
    init?(_ text: String) {
        var reader = Reader(rest: text.utf8[...])
        guard reader.name(), let west = reader.duration() else { return nil }
        usual = -west
        if reader.rest.isEmpty {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = usual + 3600
        if reader.rest.first != UInt8(ascii: ",") {
            guard let west = reader.duration() else { return nil }
            offset = -west
        }
        guard let begins = reader.moment(), let ends = reader.moment(), reader.rest.isEmpty
        else { return nil }
        summer = Summer(offset: offset, begins: begins, ends: ends)
    }

    func offset(at seconds: Int64) -> Int64 {
        guard let summer else { return usual }
        let day = floorDivide(seconds + usual, 86_400)
        let year = CivilDay(dayNumber: Int(day)).year
        // Each is told on the clock that it ends.
        let begins = summer.begins.seconds(in: year) - usual
        let ends = summer.ends.seconds(in: year) - summer.offset
        let isSummer =
            begins < ends
            ? (begins..<ends).contains(seconds) : !(ends..<begins).contains(seconds)
        return isSummer ? summer.offset : usual
    }

    /// A moment of each year, on the clock on the wall.
    fileprivate struct Moment: Sendable {
        enum Day: Sendable {
            /// The first (1) to last (5) of a weekday, Sunday being 0, in a month.
            case weekday(Int, week: Int, month: Int)
            /// 1 to 365, without 29 February.
            case common(Int)
            /// 0 to 365.
            case counted(Int)
        }

        let day: Day
        let seconds: Int64

        /// Since 1970, as if the wall's clock were UTC.
        func seconds(in year: Int) -> Int64 { Int64(dayNumber(in: year)) * 86_400 + seconds }

        private func dayNumber(in year: Int) -> Int {
            let newYear = CivilDay.number(year, 1, 1)
            switch day {
            case .counted(let count): return newYear + count
            case .common(let count):
                let isLeap = CivilDay.number(year + 1, 1, 1) - newYear == 366
                return newYear + count - 1 + (isLeap && count >= 60 ? 1 : 0)
            case .weekday(let weekday, let week, let month):
                let first = CivilDay.number(year, month, 1)
                let next =
                    month == 12
                    ? CivilDay.number(year + 1, 1, 1) : CivilDay.number(year, month + 1, 1)
                // Day 0 was a Thursday.
                let number = first + Int(remainder(Int64(weekday - first - 4), 7)) + (week - 1) * 7
                return number < next ? number : number - 7
            }
        }
    }
}

private struct Reader {
    var rest: Substring.UTF8View

    /// Three letters or more, or anything between < and >.
    mutating func name() -> Bool {
        if rest.first == UInt8(ascii: "<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let letters = rest.prefix { (0x41...0x5A).contains($0 & 0xDF) }
        rest = rest[letters.endIndex...]
        return letters.count >= 3
    }

    /// Hours, with minutes and seconds if need be, in seconds.
    mutating func duration() -> Int64? {
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard let hours = number() else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where take(UInt8(ascii: ":")) {
            guard let count = number(), count < 60 else { return nil }
            seconds += count * unit
        }
        return Int64(isNegative ? -seconds : seconds)
    }

    mutating func moment() -> ZoneRule.Moment? {
        guard take(UInt8(ascii: ",")), let day = day() else { return nil }
        guard take(UInt8(ascii: "/")) else { return ZoneRule.Moment(day: day, seconds: 7200) }
        return duration().map { ZoneRule.Moment(day: day, seconds: $0) }
    }

    private mutating func day() -> ZoneRule.Moment.Day? {
        if take(UInt8(ascii: "M")) {
            guard let month = number(), (1...12).contains(month), take(UInt8(ascii: ".")),
                let week = number(), (1...5).contains(week), take(UInt8(ascii: ".")),
                let weekday = number(), weekday < 7
            else { return nil }
            return .weekday(weekday, week: week, month: month)
        }
        if take(UInt8(ascii: "J")) {
            return number().flatMap { (1...365).contains($0) ? .common($0) : nil }
        }
        return number().flatMap { $0 <= 365 ? .counted($0) : nil }
    }

    private mutating func number() -> Int? {
        let digits = rest.prefix(3).prefix { (0x30...0x39).contains($0) }
        rest = rest[digits.endIndex...]
        return Int(Substring(digits))
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }
}

private func remainder(_ value: Int64, _ by: Int64) -> Int64 {
    value - floorDivide(value, by) * by
}
