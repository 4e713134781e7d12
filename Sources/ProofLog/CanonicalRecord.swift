/// The one byte spelling of a record, for hashing: each field with its type and length, so that
/// no two records spell alike.
package struct CanonicalRecord: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func add(_ number: Int64?) {
        guard let number else {
            bytes.append(0)
            return
        }
        bytes.append(1)
        append(UInt64(bitPattern: number), bytes: 8)
    }

    package mutating func add(_ text: String?) {
        guard let text else {
            bytes.append(0)
            return
        }
        add(2, Array(text.utf8))
    }

    package mutating func add(_ blob: [UInt8]?) {
        guard let blob else {
            bytes.append(0)
            return
        }
        add(3, blob)
    }

    private mutating func add(_ type: UInt8, _ content: [UInt8]) {
        bytes.append(type)
        append(UInt64(content.count), bytes: 4)
        bytes += content
    }

    private mutating func append(_ number: UInt64, bytes count: Int) {
        for place in (0..<count).reversed() {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(place * 8)))
        }
    }
}
