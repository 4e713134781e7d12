/// Notices a change nobody meant, and keeps out nobody who means it. FNV-1a, 64 bits.
struct Checksum: Equatable, CustomStringConvertible {
    let value: UInt64

    init(of bytes: some Sequence<UInt8>) {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        self.value = value
    }

    init(of text: String) {
        self.init(of: text.utf8)
    }

    var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
