package import Basics
import Crypto

/// The hidden field of a form that makes something or moves money: unique in the store, so that
/// pressing twice acts once.
package enum OneTimeKey {
    package static let field = "key"

    package static func make(_ random: RandomSource) -> String {
        Hex.encode(random.bytes(16))
    }

    package static func read(_ form: Form) throws -> String {
        let key = form[field]
        guard (16...64).contains(key.utf8.count) else { throw NotAForm() }
        return key
    }
}
