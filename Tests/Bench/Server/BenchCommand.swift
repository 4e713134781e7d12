import Dispatch
import FoundationEssentials

/// `kith-bench serve STORE PORT`, `postings FOLDER SECONDS CALLERS BATCH`, `table SECONDS`,
/// `table print`. Run from the project's folder, whose migrations, words and pages it reads.
enum BenchCommand {
    static func run(_ arguments: [String]) -> Int32 {
        do {
            switch arguments.first {
            case "serve" where arguments.count == 3:
                try VisitServer(store: arguments[1]).serve(port: UInt16(arguments[2]) ?? 0)
            case "postings" where arguments.count == 5:
                let run = PostingRun(
                    seconds: Double(arguments[2]) ?? 1,
                    callers: Int(arguments[3]) ?? 64
                )
                let rate = try run.rate(folder: arguments[1], batch: Int(arguments[4]) ?? 256)
                BenchOutput.write(Array("\(rate)\n".utf8))
            case "table":
                let table = try VisitTable()
                if let seconds = Double(arguments.last ?? "") {
                    BenchOutput.write(Array("\(try table.microseconds(for: seconds))\n".utf8))
                } else {
                    BenchOutput.write(try table.drawn())
                }
            default:
                BenchOutput.write(Array("kith-bench: see Tests/Bench/bench.py\n".utf8))
                return 2
            }
            return 0
        } catch {
            BenchOutput.write(Array("kith-bench: \(error)\n".utf8))
            return 1
        }
    }
}
