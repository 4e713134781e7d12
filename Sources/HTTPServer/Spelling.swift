/// What is written for each request is put together byte by byte in memory that was asked for once.
extension OutputSpan<UInt8> {
    mutating func put(_ text: StaticString) {
        for place in 0..<text.utf8CodeUnitCount { unsafe append(text.utf8Start[place]) }
    }

    mutating func put(_ bytes: [UInt8]) {
        let bytes = bytes.span
        for place in bytes.indices { append(bytes[place]) }
    }

    mutating func put(decimal number: Int) {
        if number < 0 { append(0x2D) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var place = digits.count
        var rest = number.magnitude
        repeat {
            place -= 1
            digits[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        while place < digits.count {
            append(digits[place])
            place += 1
        }
    }

    /// Sixteen digits, in lower case.
    mutating func put(hexadecimal number: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15
            append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
