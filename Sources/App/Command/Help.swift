/// The manual as it is read: all of it, or one command.
enum Help {
    /// What is to be printed if help was asked for; nil if something else was.
    static func asked(by arguments: [String]) throws(Unusable) -> String? {
        let isAsked = arguments.contains { $0 == "--help" || $0 == "-h" }
        let first = arguments.first { !$0.hasPrefix("-") }
        guard isAsked || first == "help" else { return nil }
        let name = first == "help" ? arguments.drop { $0 != "help" }.dropFirst().first : first
        guard let name, !name.hasPrefix("-") else { return all }
        guard let entry = Manual.entry(name) else { throw unknown(name) }
        return one(entry)
    }

    static func unknown(_ command: String) -> Unusable {
        let near = Nearest.name(to: command, of: Manual.commands.map(\.name))
        let advice = near.map { "did you mean \($0)?" } ?? "`kith help` tells what there is"
        return Unusable("there is no command \(command): \(advice)")
    }

    static var all: String {
        let commands = Manual.commands.map { entry in
            let form = [entry.name, entry.words].filter { !$0.isEmpty }.joined(separator: " ")
            let options = entry.options.compactMap { Manual.option($0)?.form }
                .map { "[\($0)]" }
            return ([line(form, entry.does)] + wrapped(options)).joined(separator: "\n")
        }
        return """
            usage: kith COMMAND [OPTIONS]

            \(commands.joined(separator: "\n"))

            Every command takes:
            \(lines(Manual.common))

            `kith COMMAND --help` explains the options of a command. Each that has a value may be
            given as KITH_NAME instead, as KITH_DATA or KITH_PORT. Settings of a community stand in
            community.json in its folder: see README.md.
            """
    }

    private static func one(_ entry: Manual.Entry) -> String {
        let form = ["kith", entry.name, entry.words].filter { !$0.isEmpty }
            .joined(separator: " ")
        return """
            usage: \(form) [OPTIONS]

            To \(entry.does).

            \(lines(entry.options + Manual.common))
            """
    }

    private static func lines(_ names: [String]) -> String {
        names.compactMap { Manual.option($0) }.map { line($0.form, $0.says) }
            .joined(separator: "\n")
    }

    private static let column = 26

    private static func line(_ form: String, _ says: String) -> String {
        let blanks = String(repeating: " ", count: max(2, column - form.count))
        return "  \(form)\(blanks)\(says)"
    }

    /// As many in a line as fit.
    private static func wrapped(_ parts: [String]) -> [String] {
        var lines: [String] = []
        for part in parts {
            if let last = lines.last, last.count + part.count < 98 {
                lines[lines.count - 1] = "\(last) \(part)"
            } else {
                lines.append(String(repeating: " ", count: column + 4) + part)
            }
        }
        return lines
    }
}
