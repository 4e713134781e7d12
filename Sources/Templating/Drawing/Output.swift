/// The bytes of a page while it is drawn: one growing piece of memory, handed from operation to
/// operation and copied out once. It is not a class and not an array, since both check who else
/// is looking at every byte.
@safe struct Output: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    /// What it has grown to, which is more than is written, since room is made for the worst.
    private(set) var capacity: Int
    /// Behind the last value of an address that ends in a dot, until it is known what follows it.
    private var lastDot: Int?

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        unsafe base = .allocate(capacity: self.capacity)
    }

    deinit {
        unsafe base.deallocate()
    }

    var bytes: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: base, count: count)
    }

    @inline(__always)
    mutating func reserve(_ more: Int) {
        if capacity - count < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe fresh.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = fresh
        capacity = larger
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func put(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        unsafe (base + count).update(from: bytes, count: length)
        count += length
    }

    /// How many bytes `putPadded` may touch beyond those it is asked for.
    static let slack = 16

    /// Copies sixteen bytes at a time: what it copies from has the slack to spare.
    @inline(__always)
    mutating func putPadded(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length + Output.slack)
        let from = unsafe UnsafeRawPointer(bytes)
        let to = unsafe UnsafeMutableRawPointer(base + count)
        var at = 0
        while at < length {
            unsafe to.storeBytes(
                of: from.loadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self),
                toByteOffset: at,
                as: SIMD16<UInt8>.self
            )
            at += 16
        }
        count += length
    }

    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            if let start = bytes.baseAddress { unsafe put(start, bytes.count) }
        }
    }

    mutating func put(_ number: Int) {
        reserve(24)
        if number < 0 {
            unsafe base[count] = UInt8(ascii: "-")
            count += 1
        }
        put(digitsOf: number.magnitude)
    }

    /// Eight digits fit a word, and are found side by side: two of four, four of two, eight of one.
    private mutating func put(digitsOf number: UInt) {
        var rest = number
        if rest >= 100_000_000 {
            put(digitsOf: rest / 100_000_000)
            rest %= 100_000_000
        }
        let high = UInt64(rest / 10_000)
        let fours = high | (UInt64(rest) - high * 10_000) << 32
        let hundreds = (fours &* 10_486) >> 20 & 0x0000_007F_0000_007F
        let twos = hundreds | (fours &- hundreds &* 100) << 16
        let tens = (twos &* 103) >> 10 & 0x000F_000F_000F_000F
        // The first digit stands in the lowest byte.
        let digits = tens | (twos &- tens &* 10) << 8
        let isWhole = rest == number
        let zeros = isWhole ? min(digits.trailingZeroBitCount >> 3, 7) : 0
        let word = (digits | 0x3030_3030_3030_3030) >> UInt64(zeros << 3)
        unsafe UnsafeMutableRawPointer(base + count).storeBytes(
            of: word.littleEndian,
            as: UInt64.self
        )
        count += 8 - zeros
    }

    // MARK: Addresses

    /// What follows in the address may yet make its segment harmless. One before it in the same
    /// segment is judged with this one.
    @inline(never)
    mutating func noteDot() {
        settleDot()
        lastDot = count
    }

    /// A segment that is “.” or “..” steps about in a path, also when written as %2E. Where a value
    /// made it one the address begins with “#” instead, so that it leads nowhere.
    mutating func settleDot() {
        guard let dot = lastDot else { return }
        lastDot = nil
        if let start = unsafe startOfAddress(bytes, steppingAt: dot) {
            unsafe base[start] = UInt8(ascii: "#")
        }
    }

    // MARK: Escaping

    /// Copies text with & < > " ' as entities. Sixteen bytes are looked at in one go, and at the
    /// end eight: `special` is zero unless one of them is among the five, and tells where the
    /// first one is.
    @inline(__always)
    mutating func putEscaped(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        // An entity is at most five bytes long, and whole words are written before it is known how
        // much of them is wanted.
        reserve(length * 5 + 16)
        let start = unsafe UnsafeRawPointer(bytes)
        var to = unsafe UnsafeMutableRawPointer(base + count)
        var at = 0
        while length - at >= 16 {
            let low = unsafe start.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            let high = unsafe start.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)
            unsafe to.storeBytes(of: low, as: UInt64.self)
            unsafe to.storeBytes(of: high, toByteOffset: 8, as: UInt64.self)
            let (inLow, inHigh) = (special(low), special(high))
            if inLow | inHigh == 0 {
                unsafe to += 16
                at += 16
            } else {
                let plain =
                    inLow != 0
                    ? inLow.trailingZeroBitCount >> 3 : 8 + inHigh.trailingZeroBitCount >> 3
                unsafe to += plain
                at += plain
                unsafe to += putEntity(start.load(fromByteOffset: at, as: UInt8.self), to)
                at += 1
            }
        }
        while at < length {
            let word = unsafe nextBytes(start, from: at, length: length)
            unsafe to.storeBytes(of: word, as: UInt64.self)
            let found = special(word)
            if found == 0 {
                let plain = min(8, length - at)
                unsafe to += plain
                at += plain
            } else {
                let plain = found.trailingZeroBitCount >> 3
                unsafe to += plain
                let byte = UInt8(truncatingIfNeeded: word >> (UInt64(plain) << 3))
                unsafe to += putEntity(byte, to)
                at += plain + 1
            }
        }
        unsafe count = to - UnsafeMutableRawPointer(base)
    }
}

/// The next eight bytes; past the end they are zeros, which are not looked for there.
@inline(__always)
func nextBytes(_ start: UnsafeRawPointer, from at: Int, length: Int) -> UInt64 {
    let left = length - at
    if left >= 8 { return unsafe start.loadUnaligned(fromByteOffset: at, as: UInt64.self) }
    if length >= 8 {
        let word = unsafe start.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
        return word >> (UInt64(8 - left) << 3)
    }
    if left >= 4 {
        let low = unsafe start.loadUnaligned(fromByteOffset: at, as: UInt32.self)
        let high = unsafe start.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self)
        return UInt64(low) | UInt64(high) << (UInt64(left - 4) << 3)
    }
    var word: UInt64 = 0
    for place in 0..<left {
        word |=
            UInt64(unsafe start.load(fromByteOffset: at + place, as: UInt8.self))
            << (UInt64(place) << 3)
    }
    return word
}

/// The high bit of the lowest byte that is one of & < > " '; bits above it may be wrong.
@inline(__always)
private func special(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // " and & differ in one bit, as do < and >: each pair is looked for as one.
    let first = (word ^ (0x22 &* ones)) & (0xFB &* ones)
    let second = word ^ (0x27 &* ones)
    let third = (word ^ (0x3C &* ones)) & (0xFD &* ones)
    let zero =
        ((first &- ones) & ~first) | ((second &- ones) & ~second) | ((third &- ones) & ~third)
    return zero & (0x80 &* ones)
}

/// Writes the entity that stands for a byte, and tells how long it is.
@inline(__always)
private func putEntity(_ byte: UInt8, _ to: UnsafeMutableRawPointer) -> Int {
    let entity: UInt64
    let length: Int
    switch byte {
    case UInt8(ascii: "&"): (entity, length) = (0x3B_706D_6126, 5)
    case UInt8(ascii: "<"): (entity, length) = (0x3B_746C_26, 4)
    case UInt8(ascii: ">"): (entity, length) = (0x3B_7467_26, 4)
    case UInt8(ascii: "\""): (entity, length) = (0x3B_3433_2326, 5)
    default: (entity, length) = (0x3B_3933_2326, 5)
    }
    unsafe to.storeBytes(of: entity.littleEndian, as: UInt64.self)
    return length
}
