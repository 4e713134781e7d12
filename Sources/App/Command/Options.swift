import FoundationEssentials

/// What was given on the command line, and what the environment says where it was silent.
struct Options: Sendable {
    let command: String
    /// What follows the command without being an option.
    let words: [String]
    private var values: [String: String]

    /// Options that take no value.
    private static let switches: Set<String> = [
        "demo", "develop", "json", "take-over", "despite-damage",
    ]
    private static let known: Set<String> = [
        "data", "port", "address", "home", "key", "tls-certificate", "tls-key",
        "trusted-proxy", "grace", "log", "leaf", "consistency",
        "for", "scope", "to", "from", "at", "backup-key", "hat", "communities", "idle",
        "most-open",
    ]

    init(_ arguments: [String]) throws {
        var words: [String] = []
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                words.append(argument)
                continue
            }
            let name = String(argument.dropFirst(2))
            if Self.switches.contains(name) {
                values[name] = "yes"
            } else if Self.known.contains(name), let value = rest.popFirst() {
                values[name] = value
                // Two sizes, with a blank or a comma between them.
                if name == "consistency", let second = rest.first, Int64(second) != nil {
                    values[name] = "\(value),\(second)"
                    rest.removeFirst()
                }
            } else {
                throw Unusable("\(argument) is not an option, or its value is missing")
            }
        }
        command = words.first ?? ""
        self.words = Array(words.dropFirst())
        self.values = values
    }

    /// `--data` before `KITH_DATA`.
    subscript(name: String) -> String? {
        let variable = "KITH_" + name.uppercased().replacing("-", with: "_")
        return values[name] ?? ProcessInfo.processInfo.environment[variable]
    }

    /// A switch is given on the command line or not at all: an environment that is inherited
    /// must not turn a community into a demonstration.
    func isOn(_ name: String) -> Bool {
        values[name] != nil
    }

    func number(_ name: String, _ otherwise: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = self[name] else { return otherwise }
        guard let number = Int(text), range.contains(number) else {
            throw Unusable(
                "--\(name) must be a number from \(range.lowerBound) to \(range.upperBound)"
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
                return nil
            }
            guard values["data"] == nil else {
                throw Unusable("--communities and --data cannot both be served: choose one")
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
