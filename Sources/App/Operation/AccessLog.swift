import Basics
import HTTPServer

/// One event, one line of JSON, on standard output. It names routes and numbers; never a path, a
/// query, a name or an address, which may be personal.
struct AccessLog: Sendable {
    private let time: TimeSource
    /// Of which of many it speaks, as a field of the line.
    private let community: String

    init(_ community: String = "", time: TimeSource = .system) {
        self.community = community.isEmpty ? "" : ",\"community\":\"\(community)\""
        self.time = time
    }

    var server: ServerLog {
        ServerLog(answered: answered, problem: problem)
    }

    private func answered(_ requests: [AnsweredRequest]) {
        Output.lines(AnsweredRequest.lines(of: requests, at: stamp))
    }

    /// Something that happened as it should, for whoever reads the log.
    func told(_ text: String) {
        Output.line(
            "{\"at\":\(stamp)\(community),\"event\":\"told\",\"text\":\"\(Self.safe(text))\"}"
        )
    }

    func problem(_ text: String) {
        Output.problem(problemLine(text))
    }

    /// That so many lines are not in the log.
    func loss(of count: Int) -> String {
        let lines = count == 1 ? "1 line of the log was" : "\(count) lines of the log were"
        return problemLine("\(lines) lost, since nobody read what came before")
    }

    private func problemLine(_ text: String) -> String {
        """
        {"at":\(stamp)\(community),"event":"problem","text":"\(Self.safe(text))"}
        """
    }

    /// What went wrong, under the reference that the person was shown.
    func fault(_ reference: String, _ route: String, _ fault: any Error) {
        Output.problem(
            """
            {"at":\(stamp)\(community),"event":"fault","id":"\(reference)","route":"\(Self.safe(route))",\
            "text":"\(Self.safe(Plainly.words(fault)))"}
            """
        )
    }

    private var stamp: Int64 { time.now().milliseconds }

    /// A log line stays one line of JSON, whatever is put into it.
    static func safe(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars.prefix(2000) {
            switch scalar {
            case "\"", "\\": safe += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: safe += " "
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
