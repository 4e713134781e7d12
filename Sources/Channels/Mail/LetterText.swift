import Basics
import FoundationEssentials

extension Letter {
    /// As it goes over the wire (RFC 5322): CRLF lines, the subject in RFC 2047 words, the body
    /// in base64, so that no line of it can be taken for a header or an end.
    var wire: [UInt8] {
        let lines = [
            "From: \(headerSafe(from))",
            "To: \(headerSafe(to))",
            "Subject: =?utf-8?B?\(Data(subject.utf8).base64EncodedString())?=",
            "Date: \(date)",
            "Message-ID: <\(headerSafe(messageID))>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
            "",
        ]
        let encoded = Data(body.utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
        return Array((lines + [encoded, ""]).joined(separator: "\r\n").utf8)
    }

    private var date: String {
        let day = CivilDay(dayNumber: Int(at.milliseconds / 86_400_000))
        let seconds = Int(at.milliseconds / 1000 % 86_400)
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day.weekday]
        let month = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ][day.month - 1]
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }
            .joined(separator: ":")
        return "\(weekday), \(day.day) \(month) \(day.year) \(clock) +0000"
    }

    private func headerSafe(_ text: String) -> String {
        String(decoding: text.utf8.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
    }
}
