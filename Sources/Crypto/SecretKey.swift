package import Basics

/// Key bytes that do not print themselves.
package struct SecretKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A fresh key of 256 bits.
    package init(random: RandomSource) {
        bytes = random.bytes(32)
    }

    /// A key for one purpose, from which this one cannot be found again.
    package func derived(for purpose: String) -> SecretKey {
        SecretKey(bytes: HKDF.sha256(key: bytes, salt: [], info: Array(purpose.utf8), count: 32))
    }

    package var description: String { "a secret key" }
    package var debugDescription: String { description }
}
