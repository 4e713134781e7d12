/// Names with their values, in the order in which they are written:
///
///     ["name": .text(person.name), "visits": .list(visits.map(\.record)), "count": 3]
///
/// A template's names become places in this order when it is compiled, so a page's records must
/// always have the names, in the order, of the page's example. `shape` is a hash of both; a
/// record of another shape is an error when it is drawn, never a wrong value.
package struct Record: Sendable {
    // The literal's own array is kept: a record costs one allocation.
    let fields: [(StaticString, Value)]

    init(fields: [(StaticString, Value)]) {
        self.fields = fields
    }

    var shape: UInt64 {
        var hash: UInt64 = 0x6A09_E667_F3BC_C908
        for (name, _) in fields {
            hash = name.withUTF8Buffer { unsafe mixed(hash, $0) }
        }
        return hash
    }

    /// Whether both come from the same literal, and so have the same shape: most records of a
    /// list do, and this costs less than hashing each. When in doubt, no.
    func isMadeAs(_ other: Record) -> Bool {
        guard fields.count == other.fields.count else { return false }
        for place in fields.indices {
            let (mine, theirs) = (fields[place].0, other.fields[place].0)
            guard unsafe mine.utf8Start == theirs.utf8Start,
                mine.utf8CodeUnitCount == theirs.utf8CodeUnitCount
            else { return false }
        }
        return true
    }

    /// How many bytes from its first field the value of a slot stands.
    static func offset(ofSlot slot: Int) -> Int {
        slot * MemoryLayout<(StaticString, Value)>.stride + valueOffset
    }

    private static let valueOffset =
        MemoryLayout<(StaticString, Value)>.offset(of: \.1) ?? MemoryLayout<StaticString>.stride

    package var names: [String] {
        fields.map { name, _ in String(describing: name) }
    }

    package subscript(name: String) -> Value? {
        fields.first { String(describing: $0.0) == name }?.1
    }
}

extension Record: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral fields: (StaticString, Value)...) {
        self.init(fields: fields)
    }
}

extension Record: CustomStringConvertible {
    /// Its names only: what a record holds is often personal, and this may end in a log.
    package var description: String { "Record(\(names.joined(separator: ", ")))" }
}

/// Folds a name into the hash, eight bytes at a time.
@inline(__always)
private func mixed(_ hash: UInt64, _ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = hash ^ UInt64(truncatingIfNeeded: name.count)
    guard let base = name.baseAddress else { return hash }
    let start = unsafe UnsafeRawPointer(base)
    var at = 0
    while at < name.count {
        let word = unsafe nextBytes(start, from: at, length: name.count)
        let (high, low) = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        hash = high ^ low
        at += 8
    }
    return hash
}
