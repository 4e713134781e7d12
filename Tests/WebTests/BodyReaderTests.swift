import Testing

@testable import Web

@Suite struct BodyReaderTests {
    @Test(arguments: [
        ("amount", "#/legs/0/amount"), ("a/b~c", "#/legs/0/a~1b~0c"), ("", "#/legs/0/"),
        ("ŵ %\"#\n", "#/legs/0/%C5%B5%20%25%22%23%0A"), ("a-b.c?d=1&e", "#/legs/0/a-b.c?d=1&e"),
    ])
    func `a field that nobody knows is pointed at by a fragment`(name: String, pointer: String) {
        var reader = BodyReader(.object([JSON.Member(name: name, value: .null)]), at: "#/legs/0")
        reader.refuseOthers()
        #expect(reader.flaws.map(\.pointer) == [pointer])
    }
}
