/// A moment as programs write it to each other (RFC 3339): 2026-11-21T09:00:00.000Z
extension Instant {
    private static let millisecondsPerDay: Int64 = 86_400_000

    package var timestamp: String {
        let inDay = milliseconds % Self.millisecondsPerDay
        let rest = inDay < 0 ? inDay + Self.millisecondsPerDay : inDay
        let day = CivilDay(dayNumber: Int((milliseconds - rest) / Self.millisecondsPerDay))
        let hours = padded(rest / 3_600_000, 2)
        let minutes = padded(rest / 60_000 % 60, 2)
        let seconds = padded(rest / 1000 % 60, 2)
        return "\(day)T\(hours):\(minutes):\(seconds).\(padded(rest % 1000, 3))Z"
    }

    /// Reads a whole timestamp with its offset, to the millisecond. A leap second has no place in
    /// a count of milliseconds and is refused.
    package init?(timestamp: some StringProtocol) {
        var rest = Array(timestamp.utf8)[...]
        func take(_ count: Int) -> Int64? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            rest = rest.dropFirst(count)
            return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        func take(_ marks: String) -> UInt8? {
            guard let first = rest.first, marks.utf8.contains(first) else { return nil }
            rest = rest.dropFirst()
            return first
        }
        guard let year = take(4), take("-") != nil, let month = take(2), take("-") != nil,
            let day = take(2), take("Tt") != nil, let hour = take(2), take(":") != nil,
            let minute = take(2), take(":") != nil, let second = take(2), hour < 24, minute < 60,
            second < 60, let date = CivilDay(year: Int(year), month: Int(month), day: Int(day))
        else { return nil }
        var fraction: Int64 = 0
        if take(".") != nil {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            for place in 0..<3 {
                let digit = place < digits.count ? digits[digits.startIndex + place] - 0x30 : 0
                fraction = fraction * 10 + Int64(digit)
            }
        }
        var offset: Int64 = 0
        if take("Zz") == nil {
            guard let sign = take("+-"), let hours = take(2), take(":") != nil,
                let minutes = take(2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
        }
        guard rest.isEmpty else { return nil }
        let seconds = hour * 3600 + (minute - offset) * 60 + second
        self.init(
            milliseconds: Int64(date.dayNumber) * Self.millisecondsPerDay + seconds * 1000
                + fraction
        )
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
