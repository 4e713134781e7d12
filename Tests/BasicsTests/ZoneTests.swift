import Foundation
import TestSupport
import Testing

@testable import Basics

/// The C library reads the same files: its `zdump` tells the second before and after each change.
struct ZoneTests {
    static let odd = [
        "Europe/London", "Europe/Dublin", "Europe/Paris", "Africa/Casablanca", "America/New_York",
        "America/Nuuk", "America/Sao_Paulo", "Antarctica/Troll", "Asia/Gaza", "Asia/Kathmandu",
        "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Pacific/Easter",
        "Etc/UTC", "EST5EDT",
    ]

    @Test(arguments: odd)
    func `a zone tells the same offset as the C library around every change up to 2090`(
        _ name: String
    ) throws {
        let zone = try #require(ZoneFile(named: name))
        let lines = try Self.zdump(name)
        var compared = 0
        for line in lines {
            guard let (seconds, offset) = Self.read(line) else { continue }
            #expect(zone.offset(at: seconds) == offset, "\(line)")
            compared += 1
        }
        #expect(compared > 10 || ["Etc/UTC", "Asia/Kathmandu"].contains(name))
    }

    @Test
    func `every zone of the system can be read, and goes on for ever as Foundation's does`() throws
    {
        let names = TimeZone.knownTimeZoneIdentifiers.filter { name in
            FileManager.default.fileExists(atPath: "\(ZoneFile.folder)/\(name)")
        }
        #expect(names.count > 400)
        for name in names { #expect(ZoneFile(named: name) != nil, "\(name)") }
        for name in ["Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kolkata"] {
            let zone = try #require(ZoneFile(named: name))
            let peer = try #require(TimeZone(identifier: name))
            for day in stride(from: Int64(0), to: 365 * 130, by: 3) {
                let seconds = day * 86_400 + 5_003
                let date = Date(timeIntervalSince1970: Double(seconds))
                #expect(zone.offset(at: seconds) == Int64(peer.secondsFromGMT(for: date)))
            }
        }
    }

    @Test(arguments: [
        "", "Nowhere/At_All", "../../etc/passwd", "/etc/passwd", "Europe", "Europe//London",
    ])
    func `what is no zone's name has no zone`(_ name: String) {
        #expect(ZoneFile(named: name) == nil)
    }

    @Test
    func `a cut or spoilt file is no zone and stops nothing`() throws {
        let whole = try [UInt8](
            Data(contentsOf: URL(fileURLWithPath: ZoneFile.folder + "/Europe/London"))
        )
        #expect(ZoneFile(whole) != nil)
        let lastLine = whole.dropLast().lastIndex(of: UInt8(ascii: "\n")) ?? 0
        for length in stride(from: 0, to: lastLine, by: 7) {
            #expect(ZoneFile(Array(whole.prefix(length))) == nil, "\(length) bytes")
        }
        let random = RandomSource.seeded(7)
        for _ in 0..<2000 {
            var spoilt = whole
            let bytes = random.bytes(3).map(Int.init)
            spoilt[(bytes[0] << 8 | bytes[1]) % whole.count] = UInt8(bytes[2])
            _ = ZoneFile(spoilt)?.offset(at: 1_700_000_000)
        }
    }

    @Test(arguments: [
        ("<+0330>-3:30", 1_700_000_000, 12_600),
        ("GMT0BST,M3.5.0/1,M10.5.0", 1_774_745_999, 0),
        ("GMT0BST,M3.5.0/1,M10.5.0", 1_774_746_000, 3_600),
        ("UYT3", 0, -10_800),
        ("AAA-1BBB,J60/0,J300/0", 1_709_247_600, 7_200),
        ("AAA-1BBB,59/0,300/0", 1_709_161_200, 7_200),
        ("AAA-1BBB,59/0,300/0", 1_709_161_199, 3_600),
    ])
    func `a rule tells the offset of each second`(_ rule: String, _ at: Int64, _ offset: Int64)
        throws
    {
        #expect(try #require(ZoneRule(rule)).offset(at: at) == offset)
    }

    @Test(arguments: [
        "", "G0", "GMT", "GMT0BST,M3.5.0/1", "GMT0BST,M13.5.0,M10.5.0", "GMT0BST,M3.5.7,M10.5.0",
        "GMT0BST,M3.5.0,M10.5.0x", "GMT0:70",
    ])
    func `what is no rule is refused`(_ text: String) {
        #expect(ZoneRule(text) == nil)
    }

    private static func zdump(_ zone: String) throws -> [Substring] {
        try ChildProcess.run("/usr/bin/zdump", ["-v", "-c", "1970,2090", zone]).output
            .split(separator: "\n")
    }

    /// `Europe/London  Sun Mar 26 00:59:59 2000 UT = Sun Mar 26 00:59:59 2000 GMT isdst=0 gmtoff=0`
    private static func read(_ line: Substring) -> (Int64, Int64)? {
        let words = line.split(separator: " ")
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        guard words.count > 8, let month = months.firstIndex(of: String(words[2])),
            let day = Int(words[3]), let year = Int(words[5]), (1971..<2090).contains(year),
            let offset = words.last?.split(separator: "=").last.flatMap({ Int64($0) })
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int64($0) }
        let seconds = clock.reduce(0) { $0 * 60 + $1 }
        return (Int64(CivilDay.number(year, month + 1, day)) * 86_400 + seconds, offset)
    }
}
