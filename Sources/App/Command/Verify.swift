import FoundationEssentials
import Identity
import Ledger
import ProofLog
import Store
import Transactions

/// `kith verify`: proves that a store is whole, at rest or as a consistent copy of a live one,
/// or names what is not. It writes nothing.
struct Verify {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> Int32 {
        let path = Opening.storePath(options.dataFolder)
        let problems = try Verify.problems(path)
        if options.isOn("json") {
            Output.line(String(decoding: try JSONEncoder().encode(Report(problems)), as: UTF8.self))
        } else if problems.isEmpty {
            Output.line(
                "\(path) is whole: every entry sums to zero, balances are right, the logs hold"
            )
        } else {
            for problem in problems { Output.line(problem) }
            Output.line("\(path) is not whole: \(problems.count) found")
        }
        return problems.isEmpty ? 0 : 1
    }

    static func problems(_ path: String) throws -> [String] {
        let database = try Database.open(forReading: path)
        defer { database.close() }
        let damage = try database.check()
        // A damaged file may still be read in part: the rows that are wrong are worth naming.
        let content: [String]
        do {
            content = try database.read { data in
                try Ledger.verify(in: data).map(\.description)
                    + Audit.verify(in: data).map(\.description)
                    + CareLogs.verify(in: data).map(\.description)
            }
        } catch {
            return damage + ["the file cannot be read further: \(error)"]
        }
        return damage + content
    }

    private struct Report: Encodable {
        let whole: Bool
        let problems: [String]

        init(_ problems: [String]) {
            whole = problems.isEmpty
            self.problems = problems
        }
    }
}
