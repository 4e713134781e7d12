package import Basics

/// Reads the fields of an object that a program sent, and gathers everything that is wrong with
/// it, so that one answer tells it all.
package struct BodyReader {
    package private(set) var flaws: [Problem.Flaw] = []
    private let pointer: String
    private let body: JSON
    private var known: Set<String> = []

    package init(_ body: JSON, at pointer: String = "#") {
        self.body = body
        self.pointer = pointer
        guard case .object = body else {
            add(pointer, Phrase("web.rest.flaw.not-object"))
            return
        }
    }

    package mutating func add(_ pointer: String, _ phrase: Phrase) {
        flaws.append(Problem.Flaw(pointer, phrase))
    }

    package mutating func add(_ others: [Problem.Flaw]) {
        flaws += others
    }

    package mutating func text(_ name: String) -> String? {
        guard let value = needed(name) else { return nil }
        guard case .text(let text) = value else {
            add("\(pointer)/\(name)", Phrase("web.rest.flaw.not-text"))
            return nil
        }
        return text
    }

    package mutating func choice(_ name: String, of choices: [String]) -> String? {
        guard let text = text(name) else { return nil }
        guard choices.contains(text) else {
            add("\(pointer)/\(name)", Phrase("web.rest.flaw.not-choice"))
            return nil
        }
        return text
    }

    package mutating func choice(
        _ name: String,
        of choices: [String],
        otherwise: String
    ) -> String {
        guard body[name] != nil else {
            known.insert(name)
            return otherwise
        }
        return choice(name, of: choices) ?? otherwise
    }

    package mutating func whole(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let value = needed(name) else { return nil }
        guard case .whole(let number) = value else {
            add("\(pointer)/\(name)", Phrase("web.rest.flaw.not-whole"))
            return nil
        }
        guard range.contains(number) else {
            add(
                "\(pointer)/\(name)",
                Phrase(
                    "web.rest.flaw.not-number",
                    [
                        "least": .text("\(range.lowerBound)"),
                        "most": .text("\(range.upperBound)"),
                    ]
                )
            )
            return nil
        }
        return number
    }

    /// Nil also where the field is left out.
    package mutating func timestamp(_ name: String) -> Instant? {
        known.insert(name)
        guard let value = body[name] else { return nil }
        // 1 January 2000 to 1 January 2100.
        let possible: Range<Int64> = 946_684_800_000..<4_102_444_800_000
        guard case .text(let text) = value, let instant = Instant(timestamp: text),
            possible.contains(instant.milliseconds)
        else {
            add("\(pointer)/\(name)", Phrase("web.rest.flaw.not-timestamp"))
            return nil
        }
        return instant
    }

    package mutating func array(_ name: String) -> [JSON] {
        guard let value = needed(name) else { return [] }
        guard case .array(let values) = value else {
            add("\(pointer)/\(name)", Phrase("web.rest.flaw.not-array"))
            return []
        }
        return values
    }

    /// A field of another name is a mistake of whoever wrote it, and would be lost in silence.
    package mutating func refuseOthers() {
        guard case .object(let members) = body else { return }
        for member in members where !known.contains(member.name) {
            add("\(pointer)/\(Problem.Flaw.step(member.name))", Phrase("web.rest.flaw.unknown"))
        }
    }

    private mutating func needed(_ name: String) -> JSON? {
        known.insert(name)
        guard case .object = body else { return nil }
        guard let value = body[name] else {
            add("\(pointer)/\(name)", Phrase("web.rest.flaw.needed"))
            return nil
        }
        return value
    }
}

extension Problem {
    package static func flawed(_ flaws: [Flaw]) -> Problem {
        Problem(422, Phrase("web.rest.flawed"), name: "flawed", flaws: flaws)
    }
}
