import Store
import Vault

/// `kith keys create`: the key that everything personal is locked with. Without it the data
/// cannot be read by anyone, so a copy belongs in a safe place apart from the data.
struct Keys {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        guard options.words == ["create"] else { throw Unusable("usage: kith keys create") }
        try Opening.folder(options.dataFolder)
        let path = Opening.keyPath(options)
        try MasterKey.create(path)
        Output.line(
            "Made \(path). Keep a copy of it apart from the data: without it nothing can be read."
        )
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
