import Store
import Vault

/// `kith keys create`: the key that everything personal is locked with. Without it the data
/// cannot be read by anyone, so a copy belongs in a safe place apart from the data. With `backup`:
/// the key that backups are sealed with.
struct Keys {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        try Opening.folder(options.dataFolder)
        switch options.words {
        case ["create"]:
            let path = Opening.keyPath(options)
            try MasterKey.create(path)
            Output.line(
                "Made \(path). Keep a copy apart from the data: without it nothing can be read."
            )
        case ["create", "backup"]:
            let path = Opening.backupKeyPath(options)
            try BackupKey.create(path)
            Output.line(
                "Made \(path). Keep a copy apart from the data and the backups: "
                    + "without it no backup can be restored."
            )
        default: throw Unusable("usage: kith keys create [backup]")
        }
    }
}

/// `kith migrate`: brings the store up to this version and stops.
struct Migrate {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        try Opening.folder(options.dataFolder)
        let database = try Opening.database(options)
        database.close()
        Output.line("\(Opening.storePath(options.dataFolder)) is up to date")
    }
}
