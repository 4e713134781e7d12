/// A date as people say it, without a time or a place. Stored as ISO text: 2026-11-19.
package struct CivilDay: Hashable, Comparable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Nil for a day that does not exist, as 31 February.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDay.length(ofMonth: month, year: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days since 1 January 1970, which is day 0 (a Thursday).
    package init(dayNumber: Int) {
        // Howard Hinnant's civil_from_days, eras of 400 years beginning on 1 March.
        let shifted = dayNumber + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    package var dayNumber: Int { CivilDay.number(year, month, day) }

    static func number(_ calendarYear: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? calendarYear - 1 : calendarYear
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// 0 is Monday, 6 is Sunday.
    package var weekday: Int {
        let offset = (dayNumber + 3) % 7
        return offset < 0 ? offset + 7 : offset
    }

    package func adding(days: Int) -> CivilDay {
        CivilDay(dayNumber: dayNumber + days)
    }

    package static func < (left: CivilDay, right: CivilDay) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

extension CivilDay: CustomStringConvertible {
    package var description: String {
        "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Reads ISO text, and nothing else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
            parts[2].utf8.count == 2, let year = digits(parts[0]), let month = digits(parts[1]),
            let day = digits(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}

/// A time of day on the wall clock, to the minute.
package struct CivilTime: Hashable, Comparable, Sendable {
    package let hour: Int
    package let minute: Int

    package init?(hour: Int, minute: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        self.hour = hour
        self.minute = minute
    }

    package var minutesSinceMidnight: Int { hour * 60 + minute }

    package static func < (left: CivilTime, right: CivilTime) -> Bool {
        left.minutesSinceMidnight < right.minutesSinceMidnight
    }
}

extension CivilTime: CustomStringConvertible {
    /// With two digits each, as a time field in a form wants it.
    package var description: String { "\(padded(hour, 2)):\(padded(minute, 2))" }

    /// Reads 9:00, 09:00 and 09.00, as people type them.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(
            omittingEmptySubsequences: false,
            whereSeparator: { $0 == ":" || $0 == "." }
        )
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            let hour = digits(parts[0]), let minute = digits(parts[1])
        else { return nil }
        self.init(hour: hour, minute: minute)
    }
}

/// The community's own clock on the wall: where an instant falls in its days.
package struct CivilZone: Sendable {
    private let zone: ZoneFile

    /// Nil for a name the system's time zone data does not have.
    package init?(named name: String) {
        guard let zone = ZoneFile(named: name) else { return nil }
        self.zone = zone
    }

    package func day(of instant: Instant) -> CivilDay {
        let local = localMinutes(of: instant)
        return CivilDay(dayNumber: Int(floorDivide(local, 1440)))
    }

    package func time(of instant: Instant) -> CivilTime {
        let local = localMinutes(of: instant)
        let minute = Int(local - floorDivide(local, 1440) * 1440)
        return CivilTime(dayMinute: minute)
    }

    /// The instant at which the wall clock shows this. In the hour that is skipped in spring it
    /// is the moment an hour later on the new clock; in the hour that happens twice, the first.
    package func instant(_ day: CivilDay, _ time: CivilTime) -> Instant {
        let wall = (Int64(day.dayNumber) * 1440 + Int64(time.minutesSinceMidnight)) * 60
        let before = wall - zone.offset(at: wall - 86_400)
        let after = wall - zone.offset(at: wall + 86_400)
        let early = min(before, after)
        let late = max(before, after)
        let seconds = early + zone.offset(at: early) == wall ? early : late
        return Instant(milliseconds: seconds * 1000)
    }

    private func localMinutes(of instant: Instant) -> Int64 {
        let seconds = floorDivide(instant.milliseconds, 1000)
        return floorDivide(seconds + zone.offset(at: seconds), 60)
    }
}

extension CivilTime {
    fileprivate init(dayMinute: Int) {
        hour = dayMinute / 60
        minute = dayMinute % 60
    }
}

func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
    let quotient = value / by
    return value % by < 0 ? quotient - 1 : quotient
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

private func digits(_ text: some StringProtocol) -> Int? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
}

extension CivilTime {
    package static var midnight: CivilTime { CivilTime(dayMinute: 0) }
}

extension CivilDay {
    /// Reads a date as a browser's date field sends it, or as people here type it: 2026-11-23,
    /// 23/11/2026, 23.11.2026, 23 11 2026.
    package init?(typed text: String) {
        if let day = CivilDay(text) {
            self = day
            return
        }
        let parts = text.split(whereSeparator: { "/. -".contains($0) })
        guard parts.count == 3, parts[2].utf8.count == 4, let day = digits(parts[0]),
            let month = digits(parts[1]), let year = digits(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
