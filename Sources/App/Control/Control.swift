import Basics
import Dispatch
import FoundationEssentials

/// How a command reaches a store that another process serves.
///
/// The store has one writing process, so a command that writes asks that process, through a
/// socket in the data folder, and works by itself only when nobody serves. The other way would
/// have been tokens that carry their own proof (a MAC under the community's key) and need no
/// writing to be made; but those could not be listed, would leave no line in the audit, and a
/// list of the stopped ones would have to be written after all.
struct Control: Sendable {
    /// What a command asks, in the words of its command line.
    struct Question: Codable, Sendable {
        var command: String
        var words: [String]
        var name: String?
        var scope: String?
        var hat: String?
        /// Which of many it is for; nil for the only one.
        var community: String?
    }

    struct Reply: Codable, Sendable {
        var lines: [String]?
        var problem: String?
        /// The community that it is for is not served there.
        var isElsewhere: Bool?
        /// Which of many it was done in; nil or empty for the only one.
        var community: String?

        var line: String {
            let bytes = (try? JSONEncoder().encode(self)) ?? Data("{}".utf8)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// What was done, and in which community.
    struct Answer: Equatable, Sendable {
        let lines: [String]
        var community = ""
    }

    /// Nil for a community that is not served here.
    typealias Answering = @Sendable (Question) throws -> Answer?

    private let folder: String
    private let socket: LocalSocket

    /// Answers questions, one after another, on a thread of its own, until it is stopped.
    static func listen(
        in folder: String,
        _ handOver: HandOver? = nil,
        _ answer: @escaping Answering
    ) throws -> Control {
        let socket = try LocalSocket.listen(in: folder)
        DispatchQueue(label: "control").async {
            while let asking = socket.accept() {
                let line = asking.receive()
                if let handOver, let line, let question = takeOver(line) {
                    let words = question.words
                    handOver.begin(
                        asking,
                        at: words.first.flatMap { UInt16($0) },
                        address: words.count > 1 && !words[1].isEmpty ? words[1] : nil
                    )
                } else {
                    if let line { asking.send(reply(to: line, answer)) }
                    asking.close()
                }
            }
            socket.close()
        }
        return Control(folder: folder, socket: socket)
    }

    func stop() {
        socket.end(in: folder)
    }

    /// Nil when nobody serves the folder. One of many is served by whoever serves the folder above,
    /// who opens it for this if need be. Anybody may be able to write into the folder above, as
    /// into /tmp, so it has to be one of communities, and of somebody who is trusted with this one.
    static func ask(
        _ question: Question,
        in folder: String,
        trusting trusted: Trusted? = nil
    ) throws -> [String]? {
        let trusted = trusted ?? Trusted(with: folder)
        if let lines = try askThere(question, folder, trusted) { return lines }
        let path = URL(fileURLWithPath: folder).resolvingSymlinksInPath()
        let above = path.deletingLastPathComponent().path
        guard trusted.owns(ServingPlan.lockPath(above) + ".lock") else { return nil }
        var question = question
        question.community = path.lastPathComponent
        return try askThere(question, above, trusted)
    }

    /// One of many that nobody has used is opened by whoever serves it, so that a command which
    /// reads it at length looks at a copy and keeps nobody out meanwhile.
    static func askToOpen(_ folder: String) {
        _ = try? ask(Question(command: "open", words: []), in: folder)
    }

    private static func askThere(
        _ question: Question,
        _ folder: String,
        _ trusted: Trusted
    ) throws -> [String]? {
        guard let socket = LocalSocket.connect(to: folder, trusting: trusted) else { return nil }
        defer { socket.close() }
        socket.send(String(decoding: try JSONEncoder().encode(question), as: UTF8.self))
        guard let line = socket.receive() else {
            throw Unusable("the process that serves \(folder) did not answer")
        }
        let reply = try JSONDecoder().decode(Reply.self, from: Data(line.utf8))
        if reply.isElsewhere == true { return nil }
        if let problem = reply.problem { throw Unusable(problem) }
        guard reply.community ?? "" == question.community ?? "" else {
            throw Unusable("the process that serves \(folder) answered for another community")
        }
        return reply.lines ?? []
    }

    private static func takeOver(_ line: String) -> Question? {
        let question = try? JSONDecoder().decode(Question.self, from: Data(line.utf8))
        return question?.command == TakeOver.command ? question : nil
    }

    private static func reply(to line: String, _ answer: Answering) -> String {
        var reply = Reply()
        do {
            let question = try JSONDecoder().decode(Question.self, from: Data(line.utf8))
            if let answer = try answer(question) {
                reply.lines = answer.lines
                reply.community = answer.community
            } else {
                reply.isElsewhere = true
            }
        } catch {
            reply.problem = Plainly.words(error)
        }
        return reply.line
    }
}
