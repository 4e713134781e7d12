import Basics
import FoundationEssentials
import Store

/// `kith backup`: a consistent, encrypted copy of a store in one file, also while it is served.
/// It is proved by restoring it.
struct Backup {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> Int32 {
        guard let told = options["to"] else {
            throw Unusable("usage: kith backup --data DIR --to PATH [--backup-key FILE]")
        }
        let key = try Opening.backupKey(options)
        let path = try target(told)
        let writing = ContinuousClock.now
        Control.askToOpen(options.dataFolder)
        let store = try Database.open(forReading: Opening.storePath(options.dataFolder))
        let bytes = try BackupFile.seal(store.path, to: path, key)
        let lost = store.logProblem
        store.close()
        let verifying = ContinuousClock.now
        let folder = try TemporaryFolder()
        let copy = folder.path + "/kith.db"
        do {
            try BackupFile.open(path, to: copy, key)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        var problems = lost.map { [$0] } ?? []
        do {
            problems += try Verify.problems(at: copy, Opening.migrations(options))
        } catch {
            // Too damaged to be looked through.
            problems.append(Plainly.words(error))
        }
        for problem in problems { Output.line(problem) }
        let wrote = "Wrote \(path), \(bytes) bytes, in \((verifying - writing).inSeconds)"
        let restored = "restored and verified it in \(verifying.duration(to: .now).inSeconds)"
        guard problems.isEmpty else {
            Output.line("\(wrote); \(restored): it is a true copy of a store that is not whole")
            return 1
        }
        Output.line("\(wrote); \(restored): it is whole")
        return 0
    }

    /// In a folder, the copy is named by its time.
    private func target(_ told: String) throws -> String {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: told, isDirectory: &isFolder) else {
            return told
        }
        guard isFolder else { throw Unusable("\(told) is there already and was left as it is") }
        let time = TimeSource.system.now().timestamp.filter { !"-:.".contains($0) }
        return told + "/kith-\(time).backup"
    }
}

extension Duration {
    /// For people: 1.25 s.
    var inSeconds: String {
        let hundredths = components.seconds * 100 + components.attoseconds / 10_000_000_000_000_000
        let rest = String(hundredths % 100)
        return "\(hundredths / 100).\(rest.utf8.count < 2 ? "0" : "")\(rest) s"
    }
}
