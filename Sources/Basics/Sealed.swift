/// Ciphertext of something personal, as a column holds it. Only the vault makes one, and only a
/// disclosure opens one.
package struct Sealed: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// Where a sealed value belongs. It is part of what is authenticated, so a ciphertext copied to
/// another row or column does not open.
package struct SealPlace: Hashable, Sendable {
    package let table: String
    package let column: String
    package let row: Int64

    package init(table: String, column: String, row: Int64) {
        self.table = table
        self.column = column
        self.row = row
    }
}
