package import Basics
import CArgon2

/// Password hashes: Argon2id in the PHC spelling, which carries its own parameters. One costs
/// about 14 ms and 19 MiB, so they belong in the slow lane.
package enum PasswordHash {
    /// OWASP's smallest recommended set: 19 MiB, two passes, one lane.
    private static let memoryKibibytes: UInt32 = 19 * 1024
    private static let passes: UInt32 = 2
    private static let lanes: UInt32 = 1

    package static func make(
        _ password: String,
        random: RandomSource = .system
    ) throws -> String {
        let password = Array(password.utf8)
        let salt = random.bytes(16)
        var out = [CChar](repeating: 0, count: 128)
        let code = unsafe argon2id_hash_encoded(
            passes,
            memoryKibibytes,
            lanes,
            password,
            password.count,
            salt,
            salt.count,
            32,
            &out,
            out.count
        )
        guard code == ARGON2_OK.rawValue else { throw CryptoFault("argon2id_hash_encoded") }
        return String(
            decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }

    package static func verify(_ password: String, against hash: String) throws -> Bool {
        let password = Array(password.utf8)
        let code = unsafe argon2id_verify(hash, password, password.count)
        switch code {
        case ARGON2_OK.rawValue: return true
        case ARGON2_VERIFY_MISMATCH.rawValue: return false
        default: throw CryptoFault("argon2id_verify")
        }
    }

    /// The hash of no one's password, so that an unknown name costs the same time as a known one.
    package static let ofNobody =
        "$argon2id$v=19$m=19456,t=2,p=1$y1h9dmEz+UsyWdA/h3vT1Q$"
        + "dtvd4AMOTrx3v08XOermVDBOLodGrQA3ATTB4Ab1rJY"
}
