import Basics
import Testing

@Suite struct RandomSourceTests {
    @Test(arguments: [0, 1, 7, 32, 256, 257, 1000])
    func `as many bytes come as are asked for`(_ count: Int) {
        #expect(RandomSource.system.bytes(count).count == count)
        #expect(RandomSource.seeded(7).bytes(count).count == count)
    }

    @Test func `the kernel's bytes are never the same, and a seed's always`() {
        #expect(RandomSource.system.bytes(32) != RandomSource.system.bytes(32))
        #expect(RandomSource.seeded(7).bytes(32) == RandomSource.seeded(7).bytes(32))
    }
}
