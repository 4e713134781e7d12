import Basics
import Dispatch
import Synchronization
import Testing

@testable import Crypto

/// Published vectors: that we call OpenSSL and Argon2 as they are meant to be called.
@Suite struct CryptoTests {
    private func bytes(_ hex: String) throws -> [UInt8] {
        try #require(Hex.decode(hex))
    }

    @Test func `SHA-256 and HMAC give the published digests`() throws {
        #expect(
            Hex.encode(SHA256.hash(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        // RFC 4231, case 2.
        #expect(
            Hex.encode(
                HMAC.sha256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
            )
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }

    @Test func `a key that is kept hashes as one that is given each time`() {
        let random = RandomSource.seeded(11)
        for length in [0, 1, 32, 64, 65, 200] {
            let key = random.bytes(length)
            let kept = KeyedHash(key: key)
            for count in [0, 1, 55, 64, 1000] {
                let bytes = random.bytes(count)
                #expect(kept.hash(bytes) == HMAC.sha256(key: key, bytes))
            }
        }
    }

    @Test func `ciphers lent to many at once do not mix`() {
        let failures = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            let random = RandomSource.seeded(UInt64(thread))
            for round in 0..<200 {
                let key = SecretKey(bytes: random.bytes(32))
                // Nonces of other lengths stand in published vectors.
                let nonce = random.bytes(round % 5 == 0 ? 16 : 12)
                let text = random.bytes(round)
                let context = random.bytes(round % 7)
                let sealed = try? AESGCM.seal(text, key: key, nonce: nonce, context: context)
                var spoilt = sealed ?? []
                spoilt[round % spoilt.count] ^= 1
                let opened = try? AESGCM.open(
                    sealed ?? [],
                    key: key,
                    nonce: nonce,
                    context: context
                )
                let other = try? AESGCM.open(spoilt, key: key, nonce: nonce, context: context)
                if opened != text || other != nil { failures.add(1, ordering: .relaxed) }
            }
        }
        #expect(failures.load(ordering: .relaxed) == 0)
    }

    @Test func `HKDF gives the published keys`() throws {
        // RFC 5869, case 1.
        let key = HKDF.sha256(
            key: [UInt8](repeating: 0x0B, count: 22),
            salt: try bytes("000102030405060708090a0b0c"),
            info: try bytes("f0f1f2f3f4f5f6f7f8f9"),
            count: 42
        )
        #expect(
            Hex.encode(key)
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        )
    }

    @Test func `AES-256-GCM gives the published ciphertext, and opens nothing changed`() throws {
        // The GCM specification's test case 14.
        let key = SecretKey(bytes: [UInt8](repeating: 0, count: 32))
        let nonce = [UInt8](repeating: 0, count: 12)
        let sealed = try AESGCM.seal(
            [UInt8](repeating: 0, count: 16),
            key: key,
            nonce: nonce,
            context: []
        )
        #expect(
            Hex.encode(sealed)
                == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
        )
        for place in sealed.indices {
            var broken = sealed
            broken[place] ^= 1
            #expect(throws: DoesNotOpen.self) {
                try AESGCM.open(broken, key: key, nonce: nonce, context: [])
            }
        }
        #expect(throws: DoesNotOpen.self) {
            try AESGCM.open(sealed, key: key, nonce: nonce, context: [1])
        }
    }

    @Test func `Ed25519 signs as published, and takes no other signature`() throws {
        // RFC 8032, test 1.
        let secret = SecretKey(
            bytes: try bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
        )
        let key = try Ed25519.publicKey(of: secret)
        #expect(
            Hex.encode(key) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        )
        var signature = try Ed25519.sign([], with: secret)
        #expect(Hex.encode(signature).hasPrefix("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974"))
        #expect(Ed25519.verifies(signature, of: [], by: key))
        #expect(!Ed25519.verifies(signature, of: [1], by: key))
        signature[0] ^= 1
        #expect(!Ed25519.verifies(signature, of: [], by: key))
    }

    @Test func `a password is known again, and another is not`() throws {
        let hash = try PasswordHash.make("harbour-lamp-42")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try PasswordHash.verify("harbour-lamp-42", against: hash))
        #expect(try !PasswordHash.verify("harbour-lamp-43", against: hash))
        #expect(try !PasswordHash.verify("", against: PasswordHash.ofNobody))
    }

    @Test(arguments: [[], [0], [255, 254, 253], Array("any bytes".utf8)] as [[UInt8]])
    func `the encodings read what they wrote`(bytes: [UInt8]) {
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test(arguments: ["A", "AB==", "A+==", "AA A", "AAB", "é"])
    func `one value has one text`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(
        arguments: [
            ("", "{\"ok\":false}"), ("{}", "{\"ok\":false}"),
            ("{\"op\":\"dance\"}", "{\"skip\":true}"),
            ("{\"op\":\"hmac-sha256\"}", "{\"ok\":false}"),
            (
                "{\"op\":\"hmac-sha256\",\"key\":\"\",\"msg\":\"\"}",
                "{\"ok\":true,\"out\":\"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad\"}"
            ),
            (
                "{\"op\":\"hmac-sha256\",\"key\":\"4a656665\",\"msg\":\"7768617420646f2079612077616e7420666f72206e6f7468696e673f\",\"size\":128}",
                "{\"ok\":true,\"out\":\"5bdcc146bf60754e6a042426089575c7\"}"
            ),
            (
                "{\"op\":\"aes-256-gcm-open\",\"key\":\"00\",\"iv\":\"\",\"aad\":\"\",\"ct\":\"\",\"tag\":\"\"}",
                "{\"ok\":false}"
            ),
        ] as [(String, String)]
    )
    func `a question gets its answer, and nonsense a no`(line: String, answer: String) {
        #expect(CryptoCheck.answer(line: line) == answer)
    }
}
