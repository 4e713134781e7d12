import Basics
import FoundationEssentials

extension MailSender {
    /// Puts each letter into a folder, as a file that a mail program can open: for the
    /// demonstration community and for trying things out without a mail server.
    package static func folder(_ path: String) -> MailSender {
        MailSender { letter, _ in
            let folder = URL(fileURLWithPath: path, isDirectory: true)
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let name = "\(letter.at.milliseconds)-\(letter.messageID.prefix(13)).eml"
            try Data(letter.wire).write(to: folder.appendingPathComponent(name), options: .atomic)
        }
    }
}
