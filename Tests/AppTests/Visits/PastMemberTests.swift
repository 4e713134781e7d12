import Testing

@testable import App

/// After two people have ended what they agreed (J13).
@Suite struct PastMemberTests {
    @Test func `who no longer gives support says nothing new about a visit`() throws {
        let rig = try Rig()
        let log = try rig.thursday()
        let evening = try rig.evening()
        let shorter = ["start": "9:00", "end": "9:30", "version": "2"]
        #expect(try rig.browser("ben").post("\(log)/adjustment", shorter).status == 303)
        try rig.end(with: "Ada")
        let ada = try rig.browser("ada")
        #expect(try ada.post("\(log)/confirmation", ["version": "3"]).status == 403)
        let longer = ["start": "9:00", "end": "11:30", "version": "3"]
        #expect(try ada.post("\(log)/adjustment", longer).status == 403)
        try rig.wait(minutes: 9 * 60 + 1)
        let times = ["start": "18:00", "end": "19:00", "version": "1"]
        let later = try rig.browser("ada").post("\(evening)/care-log", times)
        #expect([403, 404].contains(later.status))
    }

    @Test func `what was written before the end is still agreed to, and no longer changed`() throws
    {
        let rig = try Rig()
        let log = try rig.thursday()
        try rig.end(with: "Ada")
        let ben = try rig.browser("ben")
        let shorter = ["start": "9:00", "end": "9:30", "version": "2"]
        #expect(try ben.post("\(log)/adjustment", shorter).status == 403)
        #expect(try ben.post("\(log)/confirmation", ["version": "2"]).status == 303)
        #expect(try ben.get(log).words.contains("You both agree"))
    }

    @Test func `every first page opens after an ending`() throws {
        let rig = try Rig()
        _ = try rig.eveningOver()
        try rig.end(with: "Ada")
        #expect(try rig.browser("ada").get("/today").status == 200)
        #expect(try rig.browser("ben").get("/week").status == 200)
        #expect(try rig.browser("cora").get("/week").status == 200)
        #expect(try rig.browser("ben").get("/money").status == 200)
    }

    @Test func `the one who got support still reads the visits that were`() throws {
        let rig = try Rig()
        let log = try rig.thursday()
        try rig.end(with: "Ada")
        let ben = try rig.browser("ben")
        #expect(try ben.get(log).words.contains("9:00 to 10:15"))
        #expect(try ben.get("\(log)/confirmation").status == 200)
    }

    @Test func `both still read behind each figure which visit it was`() throws {
        let rig = try Rig()
        try rig.end(with: "Ada")
        for (name, other) in [("ben", "Ada"), ("ada", "Ben")] {
            let browser = try rig.browser(name)
            let page = try browser.get("/money")
            #expect(page.words.contains("Washing and breakfast with \(other), Thu 12 Nov"))
            for match in page.text.matches(of: /href="(\/care-logs\/[0-9a-z]{13})"/) {
                #expect(try browser.get(String(match.1)).status == 200)
            }
        }
    }
}
