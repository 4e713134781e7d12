import Testing

@testable import App

/// What somebody is told who does not know the commands by heart.
@Suite struct HelpTests {
    private func problem(_ arguments: String...) -> String? {
        do {
            _ = try Options(arguments)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `every option is explained, and belongs to a command`() {
        let used = Set(Manual.commands.flatMap(\.options) + Manual.common)
        #expect(Set(Manual.options.map(\.name)) == used)
        #expect(Manual.options.count == used.count)
    }

    @Test(arguments: [["help"], ["--help"], ["-h"], ["help", "--help"]])
    func `help tells every command and every option`(arguments: [String]) throws {
        let help = try #require(try Help.asked(by: arguments))
        for entry in Manual.commands { #expect(help.contains("\n  \(entry.name)")) }
        for option in Manual.options { #expect(help.contains(option.form), "\(option.form)") }
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 110 })
    }

    @Test(arguments: [["serve", "--help"], ["help", "serve"], ["serve", "--port", "1", "-h"]])
    func `help on a command explains its options`(arguments: [String]) throws {
        let help = try #require(try Help.asked(by: arguments))
        #expect(help.hasPrefix("usage: kith serve [OPTIONS]\n"))
        #expect(help.contains("--take-over  ") && help.contains("--data DIR"))
        #expect(!help.contains("--scope"))
    }

    @Test func `who does not ask for help is not given any`() throws {
        #expect(try Help.asked(by: ["serve", "--port", "1"]) == nil)
        #expect(try Help.asked(by: []) == nil)
        let error = #expect(throws: Unusable.self) { try Help.asked(by: ["help", "sevre"]) }
        #expect(error?.description == "there is no command sevre: did you mean serve?")
    }

    @Test func `an option that is not known is told, with the one that may be meant`() {
        #expect(
            problem("serve", "--prot", "1")
                == "--prot is not an option of serve: did you mean --port N?"
        )
        #expect(
            problem("serve", "--port=1")
                == "--port=1 is not an option of serve: did you mean --port N?"
        )
        #expect(problem("serve", "-p")?.contains("`kith serve --help`") == true)
        #expect(problem("--bad")?.contains("`kith help`") == true)
        #expect(problem("verify", "--port", "1")?.contains("not an option of verify") == true)
        #expect(problem("serve", "DIR")?.contains("serve takes options only") == true)
        #expect(problem("proof", "export", "--consistency", "1", "2", "--log", "care") == nil)
    }

    @Test func `an option that is given again asks for more, or stands for the one before`() throws
    {
        #expect(try Options(["serve", "--port", "1", "--port", "2"])["port"] == "2")
        let options = try Options([
            "proof", "export", "--leaf", "3", "--consistency", "1", "2", "--leaf", "5",
            "--consistency", "2,4",
        ])
        #expect(options.all("leaf") == ["3", "5"])
        #expect(options.all("consistency") == ["1,2", "2,4"])
    }

    @Test func `an option without its value is told what it stands for`() {
        #expect(problem("serve", "--port") == "--port needs a value, as --port N")
        #expect(problem("serve", "--data", "--demo") == "--data needs a value, as --data DIR")
    }

    @Test func `help is standard output and 0, and what is not known is standard error and 2`()
        throws
    {
        for arguments in [["help"], ["verify", "--help"]] {
            let ended = try Program.run(Program.path, arguments)
            #expect(ended.status == 0 && ended.problems.isEmpty && ended.lines.count > 5)
        }
        for arguments in [["sevre"], ["serve", "--prot", "1"], []] {
            let ended = try Program.run(Program.path, arguments)
            #expect(ended.status == 2 && ended.lines.isEmpty && !ended.problems.isEmpty)
        }
    }
}
