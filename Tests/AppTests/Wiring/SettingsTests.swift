import Basics
import Foundation
import HTTPServer
import TestSupport
import Testing

@testable import App

@Suite struct SettingsTests {
    private func refused(_ text: String) -> String? {
        do throws(Unusable) {
            _ = try CommunitySettings(Array(text.utf8), from: "FILE")
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `settings are read, and what is not there is left to the common ones`() throws {
        let text = """
            {"name": "Kith", "areas": [], "contact": null,
             "address": "https://kith.example.org:8443",
             "mail": {"smtp": "smtp://mail.example.org", "needsTLS": false, "from": "Kith <a@b>"},
             "trustedProxies": ["10.0.0.0/8"], "shipping": {"folder": "/second", "keepDays": 7},
             "tls": [{"certificate": "a.pem", "key": "a.key"}]}
            """
        let settings = try CommunitySettings(Array(text.utf8), from: "FILE")
        #expect(settings.name == "Kith")
        #expect(settings.areas == [])
        #expect(settings.zone == nil && settings.contact == nil)
        #expect(settings.mail?.needsTLS == false && settings.mail?.from == "Kith <a@b>")
        #expect(settings.shipping?.keepDays == 7)
        #expect(settings.tls?.map(\.key) == ["a.key"])
    }

    @Test(arguments: [
        (#"{"invitatonCodes": ["a"]}"#, "invitatonCodes", "did you mean invitationCodes?"),
        (#"{"invitationcodes": ["a"]}"#, "invitationcodes", "did you mean invitationCodes?"),
        (#"{"zoen": "Europe/London"}"#, "zoen", "did you mean zone?"),
        (#"{"mail": {"pasword": "a"}}"#, "mail.pasword", "there are folder, smtp, user,"),
        (#"{"mail": {"passwordfile": "a"}}"#, "mail.passwordfile", "mean mail.passwordFile?"),
        (#"{"shipping": {"keepdays": 3}}"#, "shipping.keepdays", "mean shipping.keepDays?"),
        (#"{"tls": [{"certificate": "a", "kye": "b", "key": "c"}]}"#, "tls[0].kye", "tls[0].key?"),
        (#"{"colour": "red"}"#, "colour", "there are name, zone, address, invitationCodes,"),
    ])
    func `a name that is no setting is told, with the one that may be meant`(
        text: String,
        name: String,
        advice: String
    ) throws {
        let problem = try #require(refused(text))
        #expect(problem.hasPrefix("FILE: \(name) is not a setting: "), "\(problem)")
        #expect(problem.contains(advice), "\(problem)")
    }

    @Test(arguments: [
        (#"{"name": 1}"#, "name must be a text"),
        (#"{"invitationCodes": "LAMP"}"#, "invitationCodes must be a list of texts, as [\"…\"]"),
        (#"{"areas": ["HX", 7]}"#, "areas must be a list of texts"),
        (#"{"zone": "Mars/Olympus"}"#, "zone must be a time zone that is known here"),
        (#"{"address": "kith.example.org"}"#, "address must be where people reach it"),
        (#"{"address": "https://kith.example.org/"}"#, "without a slash at the end"),
        (#"{"mail": "smtp://a"}"#, "mail must be an object"),
        (#"{"mail": {"smtp": "mail.example.org"}}"#, "mail.smtp must be a mail server, as smtp://"),
        (#"{"mail": {"needsTLS": "no"}}"#, "mail.needsTLS must be true or false"),
        (#"{"mail": {"from": "Kith"}}"#, "mail.from must be an email address"),
        (#"{"trustedProxies": ["proxy"]}"#, "trustedProxies must be a list of addresses"),
        (#"{"shipping": {"keepDays": 1.5}}"#, "shipping.keepDays must be a number from 1 to 36500"),
        (#"{"tls": {"certificate": "a"}}"#, "tls must be a list of objects"),
        (#"{"tls": [{"certificate": "a"}]}"#, "tls[0].key is missing: it must be a file"),
        (#"["name"]"#, "settings must be an object"),
    ])
    func `a value of another kind is told, with what would be right`(
        text: String,
        words: String
    ) throws {
        let problem = try #require(refused(text))
        #expect(problem.hasPrefix("FILE: "))
        #expect(problem.contains(words), "\(problem)")
    }

    @Test func `all that is wrong is told in one line`() throws {
        let problem = try #require(refused(#"{"name": 1, "zone": 2, "nme": 3}"#))
        #expect(
            problem == "FILE: name must be a text; zone must be a time zone that is known here, as "
                + "Europe/London; nme is not a setting: did you mean name?"
        )
    }

    @Test(arguments: [
        ("{\n  \"name\": \"Kith\",\n  \"zone\": \"UTC\",\n}", "line 4, column 1: this is no JSON"),
        ("{\n  \"name\": \"Wêr\" \"zone\": 1}", "line 2, column 17: this is no JSON"),
        ("{'name': 'a'}", "line 1, column 2: this is no JSON"), ("", "line 1, column 1: "),
        (#"{"name": "a"} {}"#, "line 1, column 15: "),
        ("{\"areas\": [],\n \"areas\": []}", "line 2, column 2: this name stands there already"),
    ])
    func `what is no JSON is told with its line and column`(text: String, words: String) throws {
        let problem = try #require(refused(text))
        #expect(problem.hasPrefix("FILE cannot be read as settings: \(words)"), "\(problem)")
    }

    @Test func `a file that cannot be read is told in one plain line`() throws {
        let folder = try TestFolder()
        let file = folder.path + "/community.json"
        try Opening.folder(file)
        let error = #expect(throws: Unusable.self) {
            try CommunitySettings.load(home: TestStore.repository, data: folder.path)
        }
        #expect(error?.description == "\(file): Is a directory")
    }

    @Test func `what one of many sets where it is not read is told`() throws {
        let folder = try TestFolder()
        let file = folder.path + "/community.json"
        try #"{"shipping": {"folder": "/x"}, "tls": [], "areas": [], "limits": {}}"#.write(
            toFile: file,
            atomically: true,
            encoding: .utf8
        )
        #expect(
            try CommunitySettings.unread(in: folder.path, isFolder: true)
                == ["\(file): shipping is read only in each community's own"]
        )
        #expect(
            try CommunitySettings.unread(in: folder.path, isFolder: false)
                == [
                    "\(file): tls is read only in the one of the folder of all",
                    "\(file): limits is read only in the one of the folder of all",
                ]
        )
    }

    /// What one community of many is given, whose folder and own settings are these.
    private func settings(_ shared: String, _ own: String) throws -> CommunitySettings {
        let folder = try TestFolder()
        for (text, data) in [(shared, folder.path), (own, folder.path + "/own")] {
            try Opening.folder(data)
            try text.write(toFile: data + "/community.json", atomically: true, encoding: .utf8)
        }
        return try CommunitySettings.load(home: folder.path + "/home", data: folder.path)
            .community(at: folder.path + "/own")
    }

    @Test func `inside a section what is not set is left to the common one`() throws {
        let mail = #""mail": {"smtp": "smtp://mail", "user": "all", "passwordFile": "/p"}"#
        let limits = #""limits": {"bodyBytes": 20000, "fieldCount": 50}"#
        let shared = #"{"contact": {"telephone": "1"}, \#(mail), \#(limits)}"#
        let own = #""contact": {"post": "2"}, "mail": {"from": "Own <a@b>"}"#
        let merged = try settings(shared, #"{\#(own), "limits": {"fieldCount": 100}}"#)
        #expect(merged.contact?.telephone == "1" && merged.contact?.post == "2")
        #expect(merged.mail?.smtp == "smtp://mail" && merged.mail?.from == "Own <a@b>")
        #expect(merged.mail?.user == "all" && merged.mail?.passwordFile == "/p")
        #expect(merged.limits?.server.bodyBytes == 20_000)
        #expect(merged.limits?.server.fieldCount == 100, "told, although it is the usual")
    }

    @Test func `whoever names a mail server of their own sends it nobody else's password`() throws {
        let shared = #"{"mail": {"smtp": "smtp://mail", "user": "all", "passwordFile": "/p", "#
        let merged = try settings(
            shared + #""needsTLS": false, "from": "All <a@b>"}}"#,
            #"{"mail": {"smtp": "smtp://other"}}"#
        )
        #expect(merged.mail?.smtp == "smtp://other" && merged.mail?.from == "All <a@b>")
        #expect(merged.mail?.user == nil && merged.mail?.passwordFile == nil)
        #expect(merged.mail?.needsTLS == nil)
    }

    @Test func `a demonstration sends no letter, whatever mail server the common settings name`()
        throws
    {
        let folder = try TestFolder()
        try Opening.folder(folder.path + "/Config")
        for (name, text) in [
            ("community", #"{"mail": {"smtp": "smtp://mail"}, "shipping": {"folder": "/all"}}"#),
            ("demonstration", #"{"mail": {"folder": "mail"}, "shipping": {"command": "cat"}}"#),
        ] {
            try text.write(
                toFile: "\(folder.path)/Config/\(name).json",
                atomically: true,
                encoding: .utf8
            )
        }
        let merged = try CommunitySettings.load(
            home: folder.path,
            data: folder.path,
            isDemonstration: true
        )
        #expect(merged.mail?.smtp == nil && merged.mail?.folder == "mail")
        // One second place, and not two of which one would have to win.
        #expect(merged.shipping?.folder == nil && merged.shipping?.command == "cat")
    }

    @Test func `a password file that is not there, or is empty, is told with its setting`() throws {
        let folder = try TestFolder()
        let file = folder.path + "/password"
        var settings = CommunitySettings()
        settings.mail = CommunitySettings.Mail(
            smtp: "smtp://mail.example.org",
            passwordFile: file
        )
        func words() -> String? {
            #expect(throws: Unusable.self) {
                try Opening.sender(settings, data: folder.path)
            }?.description
        }
        #expect(
            words() == "the file that mail.passwordFile names cannot be read: "
                + "\(file): No such file or directory"
        )
        try "\n".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(words() == "mail.passwordFile names \(file), which holds no password")
        try "secret\n".write(toFile: file, atomically: true, encoding: .utf8)
        _ = try Opening.sender(settings, data: folder.path)
    }

    @Test func `Foundation's errors are told without domains and codes`() throws {
        let folder = try TestFolder()
        let missing = folder.path + "/missing"
        #expect(throws: CocoaError.self) {
            do {
                _ = try FileManager.default.contentsOfDirectory(atPath: missing)
            } catch {
                #expect(Plainly.words(error) == "\(missing): there is no such file or folder")
                throw error
            }
        }
        #expect(Plainly.words(Unusable("as it is")) == "as it is")
    }
}
