import Testing

@testable import App

@Suite struct DescriptorsTests {
    @Test func `what connections and communities may take together is there`() {
        for limit in [256, 1024, 4096, 1 << 20] {
            for communities in [0, 1, 64, 200, 1_000_000] {
                let connections = Descriptors.connections(
                    .max,
                    beside: communities,
                    of: limit
                )
                let stores = min(communities * 8, limit / 2)
                #expect(connections + stores <= limit)
                #expect(connections >= limit / 4)
            }
        }
        #expect(Descriptors.connections(100, beside: 200, of: 1 << 20) == 100)
        #expect(Descriptors.connections(10_000, beside: 64, of: 1024) == 312)
    }
}
