import Basics
import Testing

@testable import Crypto

@Suite struct SealedStreamTests {
    private let key = SecretKey(bytes: [UInt8](repeating: 7, count: 32))

    private func sealed(_ bytes: [UInt8]) throws -> [UInt8] {
        try SealedStream.seal(bytes, key: key, purpose: "test")
    }

    private func opened(_ bytes: [UInt8]) throws -> [UInt8] {
        try SealedStream.open(bytes, key: key, purpose: "test")
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
    func `what was sealed opens again`(count: Int) throws {
        let bytes = RandomSource.seeded(UInt64(count)).bytes(count)
        let sealed = try sealed(bytes)
        #expect(try opened(sealed) == bytes)
        let chunks = max(1, (count + SealedStream.chunkCount - 1) / SealedStream.chunkCount)
        #expect(sealed.count == 32 + count + chunks * 16)
    }

    @Test func `it opens for no other key and no other purpose`() throws {
        let sealed = try sealed([1, 2, 3])
        let other = SecretKey(bytes: [UInt8](repeating: 8, count: 32))
        #expect(throws: DoesNotOpen.self) {
            try SealedStream.open(sealed, key: other, purpose: "test")
        }
        #expect(throws: DoesNotOpen.self) {
            try SealedStream.open(sealed, key: key, purpose: "other")
        }
    }

    @Test func `a changed byte anywhere is refused`() throws {
        let sealed = try sealed([UInt8](repeating: 1, count: 100))
        for place in sealed.indices {
            var broken = sealed
            broken[place] ^= 0x80
            #expect(throws: DoesNotOpen.self) { try opened(broken) }
        }
    }

    @Test func `no chunk may be missing, moved, repeated or from elsewhere`() throws {
        let bytes = RandomSource.seeded(1).bytes(4 * SealedStream.chunkCount)
        let whole = try sealed(bytes)
        let other = try sealed(bytes)
        let salt = Array(whole.prefix(32))
        func chunk(_ stream: [UInt8], _ number: Int) -> [UInt8] {
            Array(stream.dropFirst(32 + number * SealedStream.sealedChunkCount))
                .prefix(SealedStream.sealedChunkCount) + []
        }
        let orders = [
            [0, 1, 2], [0, 1, 3], [1, 2, 3], [0, 2, 1, 3], [0, 0, 1, 2, 3], [0, 1, 2, 3, 3], [],
        ]
        for order in orders {
            let broken = salt + order.flatMap { chunk(whole, $0) }
            #expect(throws: DoesNotOpen.self) { try opened(broken) }
        }
        let mixed = salt + chunk(whole, 0) + chunk(other, 1) + chunk(whole, 2) + chunk(whole, 3)
        #expect(throws: DoesNotOpen.self) { try opened(mixed) }
        for missing in [1, 16, 17, 1000] {
            #expect(throws: DoesNotOpen.self) { try opened(Array(whole.dropLast(missing))) }
        }
        #expect(try opened(salt + (0..<4).flatMap { chunk(whole, $0) }) == bytes)
    }

    @Test func `a chunk is plain AES-256-GCM under a key by HKDF and a counted nonce`() throws {
        let bytes = RandomSource.seeded(2).bytes(SealedStream.chunkCount + 5)
        let sealed = try sealed(bytes)
        let derived = SecretKey(
            bytes: HKDF.sha256(
                key: key.bytes,
                salt: Array(sealed.prefix(32)),
                info: Array("test".utf8),
                count: 32
            )
        )
        let nonces: [[UInt8]] = [
            [UInt8](repeating: 0, count: 12), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
        ]
        let chunks = [
            Array(sealed[32..<32 + SealedStream.sealedChunkCount]),
            Array(sealed[(32 + SealedStream.sealedChunkCount)...]),
        ]
        let plain = try zip(chunks, nonces).flatMap { chunk, nonce in
            try AESGCM.open(chunk, key: derived, nonce: nonce, context: [])
        }
        #expect(plain == bytes)
    }
}
