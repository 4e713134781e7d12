import Basics
import Foundation
import TestSupport
import Testing

@testable import App
@testable import Channels
@testable import Templating

/// Every sentence that a person reads is in every language.
@Suite struct WordsTests {
    private let languages: Languages
    /// Asked for often, and put together each time.
    private let phrases: Set<String>

    init() throws {
        languages = try Languages.load(folder: TestStore.repository + "/Config/locales")
        phrases = Set(languages.keys.keys)
    }

    @Test func `no language lacks a key that another has`() {
        #expect(languages.missing == [])
        #expect(languages.codes == ["en-GB", "cy"])
    }

    @Test func `every phrase that the sources say is there`() throws {
        let root = TestStore.repository + "/Sources"
        let names = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
        var count = 0
        for name in names where name.hasSuffix(".swift") && !name.hasPrefix("Templating") {
            let text = try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
            for match in text.matches(of: /Phrase\(\s*"([a-z0-9.-]+)"/) {
                count += 1
                #expect(phrases.contains(String(match.1)), "\(name): \(match.1)")
            }
            for match in text.matches(of: /flash: "([a-z0-9.-]+)"/) {
                #expect(phrases.contains(String(match.1)), "\(name): \(match.1)")
            }
        }
        #expect(count > 150)
    }

    @Test func `every deed of the audit can be told`() {
        for phrase in Deed.all {
            #expect(phrases.contains(phrase.key), "\(phrase.key)")
        }
    }

    @Test func `every notice can be told, with a name and without, waiting and done`() {
        let dated: [Notice.Kind] = [.bookingMade, .bookingMoved, .bookingCancelled]
        let answered: [Notice.Kind] = [.careLogWaiting, .grantAsked, .hatAsked]
        let nameless: [Notice.Kind] = [.hatGiven, .hatDeclined, .moneyReceived, .receiptCorrected]
        for kind in Notice.Kind.allCases {
            let key = "notice.\(kind.rawValue)"
            var keys = [key]
            if dated.contains(kind) { keys.append("\(key).some-time") }
            if answered.contains(kind) { keys.append("\(key).done") }
            if !nameless.contains(kind) { keys += keys.map { "\($0).someone" } }
            for key in keys { #expect(phrases.contains(key), "\(key)") }
        }
    }

    @Test func `every page can be compiled for every language`() throws {
        try Home.templates(TestStore.repository, languages).compileAll()
    }
}
