import FoundationEssentials

/// What was given on the command line, and what the environment says where it was silent.
struct Options: Sendable {
    let command: String
    /// What follows the command without being an option.
    let words: [String]
    private var values: [String: String]

    init(_ arguments: [String]) throws {
        var words: [String] = []
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                words.append(argument)
                continue
            }
            let name = String(argument.drop { $0 == "-" })
            guard argument.hasPrefix("--"), let option = Manual.option(name) else {
                throw Self.unknown(argument, words.first.flatMap(Manual.entry))
            }
            guard let form = option.value else {
                values[name] = "yes"
                continue
            }
            guard let value = rest.popFirst(), !value.hasPrefix("--") else {
                throw Unusable("\(argument) needs a value, as --\(name) \(form)")
            }
            var told = [value]
            // Two sizes, with a blank or a comma between them.
            if name == "consistency", let second = rest.first, Int64(second) != nil {
                told = ["\(value),\(second)"]
                rest.removeFirst()
            }
            // Of others the last counts, so that a script's own can be given after it.
            if option.mayRepeat, let before = values[name] { told.insert(before, at: 0) }
            values[name] = told.joined(separator: " ")
        }
        command = words.first ?? ""
        self.words = Array(words.dropFirst())
        self.values = values
        try check()
    }

    /// What a command does not take would else be left out in silence.
    private func check() throws {
        guard let entry = Manual.entry(command) else { return }
        for name in values.keys.sorted()
        where !Manual.common.contains(name) && !entry.options.contains(name) {
            throw Self.unknown("--\(name)", entry)
        }
        if entry.words.isEmpty, let word = words.first {
            throw Unusable(
                "\(command) takes options only, and not \(word): "
                    + "`kith \(command) --help` tells which"
            )
        }
    }

    private static func unknown(_ argument: String, _ entry: Manual.Entry?) -> Unusable {
        guard let entry else {
            return Unusable("\(argument) is not an option: `kith help` tells what there is")
        }
        let names = entry.options + Manual.common
        let name = argument.drop { $0 == "-" }.prefix { $0 != "=" }
        let near = Nearest.name(to: String(name), of: names).flatMap { Manual.option($0) }
        let advice =
            near.map { "did you mean \($0.form)?" } ?? "`kith \(entry.name) --help` tells which are"
        return Unusable("\(argument) is not an option of \(entry.name): \(advice)")
    }

    /// `--data` before `KITH_DATA`.
    subscript(name: String) -> String? {
        values[name] ?? ProcessInfo.processInfo.environment[Self.variable(name)]
    }

    /// Of an option that may be given more than once.
    func all(_ name: String) -> [String] {
        (self[name] ?? "").split(separator: " ").map(String.init)
    }

    private static func variable(_ name: String) -> String {
        "KITH_" + name.uppercased().replacing("-", with: "_")
    }

    /// A switch is given on the command line or not at all: an environment that is inherited
    /// must not turn a community into a demonstration.
    func isOn(_ name: String) -> Bool {
        values[name] != nil
    }

    func number(_ name: String, _ otherwise: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = self[name] else { return otherwise }
        guard let number = Int(text), range.contains(number) else {
            let told = values[name] == nil ? Self.variable(name) : "--\(name)"
            throw Unusable(
                "\(told) must be a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// The folder of many communities, if that is what is to be served. What the command line says
    /// goes before the environment.
    var communitiesFolder: String? {
        get throws {
            let isTold = values["communities"] != nil
            guard let folder = self["communities"], isTold || values["data"] == nil else {
                for name in ["most-open", "idle"] where values[name] != nil {
                    throw Unusable("--\(name) is for many communities, with --communities")
                }
                return nil
            }
            guard self["data"] == nil else {
                throw Unusable(
                    "--communities and --data, or KITH_DATA, cannot both be served: choose one"
                )
            }
            for name in ["demo", "develop"] where isOn(name) {
                throw Unusable("--\(name) is for one community; leave out --communities")
            }
            for name in ["key", "backup-key"] where values[name] != nil {
                throw Unusable("with --communities each has its own \(name) in its folder")
            }
            return folder
        }
    }

    /// For one of many, which has everything of its own in its folder.
    func serving(data: String) -> Options {
        var own = self
        own.values["data"] = data
        own.values["key"] = data + "/master.key"
        own.values["backup-key"] = data + "/backup.key"
        return own
    }

    /// Where the community is kept: as told, or `data` in the current folder if it is there, or
    /// a folder under the user's home.
    var dataFolder: String {
        if let told = self["data"] { return told }
        let files = FileManager.default
        if files.fileExists(atPath: "data/kith.db") { return "data" }
        let home = ProcessInfo.processInfo.environment["HOME"] ?? ""
        return home.isEmpty ? "data" : home + "/.local/share/kith"
    }

    /// Where templates, styles, migrations and languages are: beside the program or as told.
    var homeFolder: String {
        if let told = self["home"] { return told }
        let files = FileManager.default
        let program = CommandLine.arguments[0]
        let folders = [".", "/usr/share/kith"] + parents(of: program)
        return folders.first { files.fileExists(atPath: $0 + "/Templates") } ?? "."
    }

    private func parents(of path: String) -> [String] {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        var folders: [String] = []
        while parts.count > 1 {
            parts.removeLast()
            folders.append(parts.isEmpty ? "/" : parts.joined(separator: "/"))
        }
        return folders
    }
}
