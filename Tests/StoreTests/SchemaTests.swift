import FoundationEssentials
import Store
import TestSupport
import Testing

struct SchemaTests {
    @Test func `the committed schema is what the migrations make`() throws {
        let made = try Migrations.schema(of: TestStore.fresh())
        let file = TestStore.migrationsFolder + "/schema.sql"
        if ProcessInfo.processInfo.environment["KITH_WRITE_SCHEMA"] == "1" {
            try made.write(toFile: file, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOfFile: file, encoding: .utf8)
        #expect(
            made == committed,
            "Refresh it with: KITH_WRITE_SCHEMA=1 swift test --filter SchemaTests"
        )
    }
}
