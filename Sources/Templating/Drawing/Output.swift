/// The bytes of a page while it is drawn: one growing piece of memory, handed from operation to
/// operation and copied out once. It is not a class and not an array, since both check who else
/// is looking at every byte.
@safe struct Output: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int

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

    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            if let start = bytes.baseAddress { unsafe put(start, bytes.count) }
        }
    }

    mutating func put(_ number: Int) {
        reserve(20)
        var rest = number.magnitude
        var digits = 1
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        if number < 0 {
            unsafe base[count] = UInt8(ascii: "-")
            count += 1
        }
        rest = number.magnitude
        var at = count + digits
        count = at
        while digits > 0 {
            at -= 1
            digits -= 1
            unsafe base[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    // MARK: Escaping

    /// Copies text with & < > " ' as entities. Eight bytes are looked at in one go: `special` is
    /// zero unless one of them is among the five, and tells where the first one is.
    @inline(__always)
    mutating func putEscaped(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        // An entity is at most five bytes long, and whole words are written before it is known how
        // much of them is wanted.
        reserve(length * 5 + 8)
        var from = unsafe UnsafeRawPointer(bytes)
        var left = length
        var to = unsafe UnsafeMutableRawPointer(base + count)
        while left >= 8 {
            let word = unsafe from.loadUnaligned(as: UInt64.self)
            unsafe to.storeBytes(of: word, as: UInt64.self)
            let found = special(word)
            if found == 0 {
                unsafe from += 8
                unsafe to += 8
                left -= 8
                continue
            }
            let plain = found.trailingZeroBitCount >> 3
            unsafe from += plain
            unsafe to += plain
            unsafe to += entity(unsafe from.load(as: UInt8.self), to)
            unsafe from += 1
            left -= plain + 1
        }
        while left > 0 {
            unsafe to += entity(unsafe from.load(as: UInt8.self), to)
            unsafe from += 1
            left -= 1
        }
        unsafe count = to - UnsafeMutableRawPointer(base)
    }
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

/// Writes one byte, or the entity that stands for it, and tells how long that is.
@inline(__always)
private func entity(_ byte: UInt8, _ to: UnsafeMutableRawPointer) -> Int {
    switch byte {
    case UInt8(ascii: "&"):
        unsafe to.storeBytes(of: UInt32(littleEndian: 0x706D_6126), as: UInt32.self)
        unsafe to.storeBytes(of: UInt8(ascii: ";"), toByteOffset: 4, as: UInt8.self)
        return 5
    case UInt8(ascii: "<"):
        unsafe to.storeBytes(of: UInt32(littleEndian: 0x3B74_6C26), as: UInt32.self)
        return 4
    case UInt8(ascii: ">"):
        unsafe to.storeBytes(of: UInt32(littleEndian: 0x3B74_6726), as: UInt32.self)
        return 4
    case UInt8(ascii: "\""):
        unsafe to.storeBytes(of: UInt32(littleEndian: 0x3433_2326), as: UInt32.self)
        unsafe to.storeBytes(of: UInt8(ascii: ";"), toByteOffset: 4, as: UInt8.self)
        return 5
    case UInt8(ascii: "'"):
        unsafe to.storeBytes(of: UInt32(littleEndian: 0x3933_2326), as: UInt32.self)
        unsafe to.storeBytes(of: UInt8(ascii: ";"), toByteOffset: 4, as: UInt8.self)
        return 5
    default:
        unsafe to.storeBytes(of: byte, as: UInt8.self)
        return 1
    }
}
