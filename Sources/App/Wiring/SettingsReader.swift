import Web

/// Reads settings by their names and gathers whatever is wrong in them, so that who wrote them is
/// told all of it at once. What was not asked for by the end is no setting.
struct SettingsReader {
    private(set) var problems: [String] = []
    private var known: [String] = []
    private var unread: [String: JSON] = [:]
    /// Where in the file it reads, as "mail."
    private let place: String

    init(_ object: JSON) {
        self.init(object, at: "")
    }

    private init(_ object: JSON, at place: String) {
        self.place = place
        guard case .object(let members) = object else {
            problems.append("settings must be an object, as {\"name\": \"…\"}")
            return
        }
        for member in members { unread[member.name] = member.value }
    }

    mutating func text(
        _ name: String,
        _ wanted: String = "a text",
        where isRight: (String) -> Bool = { _ in true }
    ) -> String? {
        take(name, wanted) { value in
            guard case .text(let text) = value, isRight(text) else { return nil }
            return text
        }
    }

    mutating func texts(
        _ name: String,
        _ wanted: String,
        where isRight: (String) -> Bool = { _ in true }
    ) -> [String]? {
        take(name, wanted) { value in
            guard case .array(let values) = value else { return nil }
            var texts: [String] = []
            for value in values {
                guard case .text(let text) = value, isRight(text) else { return nil }
                texts.append(text)
            }
            return texts
        }
    }

    mutating func whole(_ name: String, in range: ClosedRange<Int>) -> Int? {
        take(name, "a number from \(range.lowerBound) to \(range.upperBound)") { value in
            guard case .whole(let number) = value, let number = Int(exactly: number),
                range.contains(number)
            else { return nil }
            return number
        }
    }

    mutating func truth(_ name: String) -> Bool? {
        take(name, "true or false") { value in
            guard case .bool(let truth) = value else { return nil }
            return truth
        }
    }

    /// Settings inside of others.
    mutating func section<Value>(
        _ name: String,
        _ read: (inout SettingsReader) -> Value
    ) -> Value? {
        let object = take(name, "an object, as {…}") { $0.isObject ? $0 : nil }
        guard let object else { return nil }
        return inside(object, "\(place)\(name).", read)
    }

    mutating func sections<Value>(
        _ name: String,
        _ read: (inout SettingsReader) -> Value?
    ) -> [Value]? {
        let objects = take(name, "a list of objects, as [{…}]") { value -> [JSON]? in
            guard case .array(let values) = value, values.allSatisfy(\.isObject) else {
                return nil
            }
            return values
        }
        guard let objects else { return nil }
        var values: [Value] = []
        for (number, object) in objects.enumerated() {
            if let value = inside(object, "\(place)\(name)[\(number)].", read) {
                values.append(value)
            }
        }
        return values
    }

    /// For what cannot be left out.
    mutating func needed(_ name: String, _ wanted: String) -> String? {
        let isThere = unread[name] != nil
        let found = text(name, wanted)
        if !isThere { problems.append("\(place)\(name) is missing: it must be \(wanted)") }
        return found
    }

    mutating func finish() {
        for name in unread.keys.sorted() {
            let advice =
                Nearest.name(to: name, of: known).map { "did you mean \(place)\($0)?" }
                ?? "there are \(known.joined(separator: ", "))"
            problems.append("\(place)\(name) is not a setting: \(advice)")
        }
    }

    private mutating func inside<Value>(
        _ object: JSON,
        _ place: String,
        _ read: (inout SettingsReader) -> Value
    ) -> Value {
        var inner = SettingsReader(object, at: place)
        let value = read(&inner)
        inner.finish()
        problems += inner.problems
        return value
    }

    /// What is null is as if it were not there.
    private mutating func take<Value>(
        _ name: String,
        _ wanted: String,
        _ read: (JSON) -> Value?
    ) -> Value? {
        known.append(name)
        guard let value = unread.removeValue(forKey: name), value != .null else { return nil }
        if let found = read(value) { return found }
        problems.append("\(place)\(name) must be \(wanted)")
        return nil
    }
}

extension JSON {
    fileprivate var isObject: Bool {
        if case .object = self { true } else { false }
    }
}
