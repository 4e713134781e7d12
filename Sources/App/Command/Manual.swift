/// What `kith` can be told: for whoever asks for help, and for reading what was typed.
enum Manual {
    struct Entry {
        let name: String
        let does: String
        /// Besides those that every command takes.
        var options: [String] = []
        /// What follows the command without being an option.
        var words = ""
    }

    struct Option {
        let name: String
        /// What its value stands for; nil for one that is on or off.
        let value: String?
        let says: String
        var mayRepeat = false

        var form: String { "--\(name)" + (value.map { " \($0)" } ?? "") }
    }

    static let commands = [
        Entry(
            name: "serve",
            does: "serve the community in DIR, or all that are in a folder, until a signal",
            options: [
                "communities", "port", "address", "take-over", "grace", "tls-certificate",
                "tls-key", "trusted-proxy", "idle", "most-open", "demo", "develop",
            ]
        ),
        Entry(
            name: "keys",
            does: "make the master key of DIR, or the key of its backups; never in place of one",
            words: "create [backup]"
        ),
        Entry(
            name: "hat",
            does: "let someone act as admin, facilitator, giving-support, …",
            options: ["to", "hat"],
            words: "give"
        ),
        Entry(
            name: "token",
            does: "make, list or stop the tokens that programs use",
            options: ["for", "scope"],
            words: "create | list | stop ID"
        ),
        Entry(
            name: "dead-letter",
            does: "list work that was given up after many tries; retry or drop it",
            words: "list | retry ID | discard ID"
        ),
        Entry(
            name: "verify",
            does: "prove that the store in DIR is whole: exit 0, else 1 and what is wrong",
            options: ["json"]
        ),
        Entry(
            name: "backup",
            does: "write an encrypted copy of the store, also while it is served",
            options: ["to"]
        ),
        Entry(
            name: "restore",
            does: "make a store in an empty folder, from a backup or from what was shipped",
            options: ["from", "to", "at", "despite-damage"]
        ),
        Entry(
            name: "proof",
            does: "print the key that checkpoints are verified with, or a signed checkpoint",
            options: ["log", "leaf", "consistency"],
            words: "key | export"
        ),
        Entry(
            name: "migrate",
            does: "bring the store in DIR up to this version",
            options: ["demo"]
        ),
        Entry(
            name: "seed",
            does: "make the demonstration community in an empty DIR",
            options: ["demo"]
        ),
        Entry(
            name: "crypto-check",
            does: "answer questions about cryptography, a JSON line each"
        ),
        Entry(name: "version", does: "tell which version this is"),
        Entry(name: "help", does: "tell this, or more about a command", words: "[COMMAND]"),
    ]

    /// Every command takes these.
    static let common = ["data", "home", "key", "backup-key"]

    static let options = [
        Option(
            name: "data",
            value: "DIR",
            says: "the community's folder; else ./data with a store in it, or ~/.local/share/kith"
        ),
        Option(
            name: "home",
            value: "DIR",
            says: "where Templates, Public, Migrations and Config are"
        ),
        Option(name: "key", value: "FILE", says: "the master key; else DIR/master.key"),
        Option(name: "backup-key", value: "FILE", says: "the backup key; else DIR/backup.key"),
        Option(
            name: "communities",
            value: "FOLDER",
            says: "serve every community in FOLDER, each at the host its folder is named by"
        ),
        Option(name: "port", value: "N", says: "8080 unless told; 0 for any that is free"),
        Option(name: "address", value: "A", says: "the address to listen at; else 127.0.0.1"),
        Option(
            name: "take-over",
            value: nil,
            says: "take the place of the process that serves it now, without refusing anyone"
        ),
        Option(
            name: "grace",
            value: "SECONDS",
            says: "how long what is in flight may take to finish at the end; else 30"
        ),
        Option(name: "tls-certificate", value: "FILE", says: "speak TLS with this chain (PEM)"),
        Option(name: "tls-key", value: "FILE", says: "the key of that certificate (PEM)"),
        Option(
            name: "trusted-proxy",
            value: "ADDRESS",
            says: "take the client's address from it; a range is written 10.0.0.0/8"
        ),
        Option(
            name: "idle",
            value: "SECONDS",
            says: "of many, close one that nobody has used for so long; else 600"
        ),
        Option(name: "most-open", value: "N", says: "of many, so many are open at once; else 200"),
        Option(name: "demo", value: nil, says: "the demonstration: people who do not exist"),
        Option(name: "develop", value: nil, says: "a gallery of pages that load themselves again"),
        Option(
            name: "to",
            value: "WHERE",
            says: "hat: a sign-in name; backup: a file or folder; restore: an empty folder"
        ),
        Option(name: "hat", value: "HAT", says: "what they are let act as"),
        Option(name: "for", value: "NAME", says: "the sign-in name of whoever has the token"),
        Option(name: "scope", value: "SCOPE", says: "ledger, or ledger.read"),
        Option(name: "json", value: nil, says: "answer for programs"),
        Option(name: "from", value: "PLACE", says: "a backup, or the folder that was shipped to"),
        Option(
            name: "at",
            value: "TIME",
            says: "as it was then, as 2026-11-21T09:00:00Z; else as it was last"
        ),
        Option(
            name: "despite-damage",
            value: nil,
            says: "go as far as what was shipped is whole"
        ),
        Option(name: "log", value: "NAME", says: "ledger, audit or care"),
        Option(
            name: "leaf",
            value: "N",
            says: "prove that this leaf is in the log; may be given more than once",
            mayRepeat: true
        ),
        Option(
            name: "consistency",
            value: "A B",
            says: "prove that the log of size A became that of size B; the same",
            mayRepeat: true
        ),
    ]

    static func entry(_ command: String) -> Entry? { commands.first { $0.name == command } }

    static func option(_ name: String) -> Option? { options.first { $0.name == name } }
}
