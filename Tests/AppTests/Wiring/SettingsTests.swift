import Testing

@testable import App

@Suite struct SettingsTests {
    @Test func `settings are read, and what is not there is left to the common ones`() throws {
        let settings = try CommunitySettings.decoded(Array(#"{"name": "Kith", "areas": []}"#.utf8))
        #expect(settings.name == "Kith")
        #expect(settings.areas == [])
        #expect(settings.zone == nil)
    }

    @Test(arguments: [
        #"{"areas": ["HX"], "areas": ["OL14"]}"#, #"{"name": "a"} {}"#, #"{"name": 1}"#, "",
    ])
    func `settings that could be understood in two ways are refused`(text: String) {
        #expect(throws: (any Error).self) { try CommunitySettings.decoded(Array(text.utf8)) }
    }
}
