/// Cryptography, all of it by OpenSSL and Argon2: sealing, digests, signatures, password hashes.
///
/// It decides nothing: which key, which context and what happens when something does not open is
/// for `Vault`, `ProofLog` and `Identity` to say. It invents no construction of its own.
package enum Crypto {}

/// OpenSSL refused: a fault, never an expected outcome.
package struct CryptoFault: Error, CustomStringConvertible {
    package let description: String

    init(_ call: String) {
        description = "\(call) failed"
    }
}
