import Dispatch
import FoundationEssentials
import Synchronization

/// The languages of `Config/locales`: one folder each, one file a module.
package struct Languages: Sendable {
    let all: [Language]
    /// Where they were read, so that a template being worked on can be put into fresh words.
    let folder: String?
    let problems: [Problem]

    /// Throws one error that lists everything wrong in any file. A key that one language has and
    /// another lacks is no error here but in `missing`, since a page may not need it.
    package static func load(folder: String) throws -> Languages {
        let languages = try reading(folder: folder)
        guard languages.problems.isEmpty else { throw TemplateProblems(languages.problems) }
        return languages
    }

    /// With whatever is wrong in them: `Templates` tells it together with what is wrong in the
    /// templates that are put into them.
    package static func reading(folder: String) throws -> Languages {
        var files: [String: [Source]] = [:]
        for code in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        where !isHidden(code) {
            let inside = "\(folder)/\(code)"
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: inside) else {
                continue
            }
            files[code] = try names.sorted().filter { $0.hasSuffix(".json") && !isHidden($0) }.map {
                name in
                Source(path: "\(code)/\(name)", bytes: try fileBytes("\(inside)/\(name)"))
            }
        }
        return try Languages(reading: files, folder: folder)
    }

    init(files: [String: [Source]]) throws {
        self = try Languages(reading: files, folder: nil)
        guard problems.isEmpty else { throw TemplateProblems(problems) }
    }

    /// Throws only where there is no language at all, so that there is nothing to say things in.
    private init(reading files: [String: [Source]], folder: String?) throws {
        var problems = ProblemList()
        var languages: [Language] = []
        for (code, files) in Self.read(files) {
            var phrases: [String: PhraseText] = [:]
            var flawed: Set<String> = []
            for file in files {
                for problem in file.problems { problems.add(problem) }
                for (key, _, offset) in file.phrases where phrases[key] != nil {
                    problems.add(file.source.problem(offset, "“\(key)” stands twice in \(code)"))
                    flawed.insert(key)
                }
                flawed.formUnion(file.flawed)
                for (key, text, _) in file.phrases { phrases[key] = text }
            }
            let language = Language(
                code: code,
                phrases: phrases,
                flawed: flawed,
                isWhole: files.allSatisfy(\.isWhole)
            )
            Self.checkDates(language, files, &problems)
            languages.append(language)
        }
        if languages.isEmpty {
            let place = folder ?? "locales"
            throw TemplateProblems([
                Problem(file: place, line: 0, column: 0, message: "there is no language here")
            ])
        }
        self.problems = problems.problems
        // English first: it is what someone is given who asked for nothing we have.
        all = languages.sorted { $0.code.hasPrefix("en") && !$1.code.hasPrefix("en") }
        self.folder = folder
    }

    /// By language, the languages side by side: together they are a fifth of a start.
    private static func read(_ files: [String: [Source]]) -> [(code: String, [LocaleFile])] {
        let languages = files.sorted { $0.key < $1.key }
        let results = Mutex([[LocaleFile]](repeating: [], count: languages.count))
        DispatchQueue.concurrentPerform(iterations: languages.count) { place in
            let (code, sources) = languages[place]
            let read = sources.map { source in
                var file = LocaleFile(source, code: code)
                file.read()
                return file
            }
            results.withLock { $0[place] = read }
        }
        return Array(zip(languages.map(\.key), results.withLock { $0 }))
    }

    init(_ languages: [Language]) {
        all = languages
        folder = nil
        problems = []
    }

    private static func checkDates(
        _ language: Language,
        _ files: [LocaleFile],
        _ problems: inout ProblemList
    ) {
        let dates = files.first { $0.source.path.hasSuffix("dates.json") }?.source
        for (key, gaps) in Language.needed where !language.flawed.contains(key) {
            guard let phrase = language.phrases[key] else {
                guard language.isWhole else { continue }
                let message = "“\(key)” is missing, without which no date or amount can be said"
                let path = "\(language.code)/dates.json"
                problems.add(
                    dates?.problem(0, message)
                        ?? Problem(file: path, line: 0, column: 0, message: message)
                )
                continue
            }
            guard let message = flaw(key, phrase, gaps) else { continue }
            for file in files {
                for (found, _, offset) in file.phrases where found == key {
                    problems.add(file.source.problem(offset, message))
                }
            }
        }
    }

    /// What is wrong with a phrase of which dates and amounts are made.
    private static func flaw(_ key: String, _ phrase: PhraseText, _ gaps: Set<String>) -> String? {
        // A form for one number may do without it: “an hour”.
        var whole = phrase
        if case .plural(_, let other) = phrase {
            guard Language.counted.contains(key) else { return "“\(key)” has no plural forms" }
            whole = .plain(other)
        }
        guard whole.gaps != gaps || phrase.gaps != gaps else { return nil }
        if gaps.isEmpty { return "“\(key)” has no gaps" }
        let names = gaps.sorted().map { "{\($0)}" }.joined(separator: ", ")
        return "“\(key)” has the gaps \(names), and no others"
    }

    package var codes: [String] { all.map(\.code) }

    /// The language somebody is given who asked for none: English.
    package var usual: Words { Words(language: all[0]) }

    package subscript(code: String) -> Words? {
        all.first { $0.code == code }.map { Words(language: $0) }
    }

    /// The best of ours for an Accept-Language field, which may be missing or nonsense.
    package func best(acceptLanguage field: String?) -> Words {
        var best: (language: Language, weight: Double)?
        for part in (field ?? "").split(separator: ",").prefix(32) {
            let pieces = part.split(separator: ";")
            guard let range = pieces.first.map({ trimmed($0).lowercased() }) else { continue }
            var weight = 1.0
            for piece in pieces.dropFirst() {
                let piece = trimmed(piece)
                if piece.lowercased().hasPrefix("q=") {
                    weight =
                        Double(piece.dropFirst(2)).flatMap { (0...1).contains($0) ? $0 : nil } ?? 0
                }
            }
            guard weight > best?.weight ?? 0, let language = language(for: range) else { continue }
            best = (language, weight)
        }
        return Words(language: best?.language ?? all[0])
    }

    /// "cy-GB" is answered in "cy", and "en-US" or "en" in "en-GB".
    private func language(for range: String) -> Language? {
        if range == "*" { return all[0] }
        let first = range.split(separator: "-").first
        return all.first { $0.code.lowercased() == range }
            ?? all.first { $0.code.lowercased().split(separator: "-").first == first }
    }

    /// Every key that some language has and another lacks: "cy lacks bookings.title".
    package var missing: [String] {
        let keys = Set(all.flatMap(\.phrases.keys))
        return all.flatMap { language in
            keys.filter { language.phrases[$0] == nil }.sorted().map {
                "\(language.code) lacks \($0)"
            }
        }
    }

    /// Every key, and the gaps that filling it takes, in any language.
    package var keys: [String: Set<String>] {
        var gaps: [String: Set<String>] = [:]
        for language in all {
            for (key, phrase) in language.phrases { gaps[key, default: []].formUnion(phrase.gaps) }
        }
        return gaps
    }
}

private func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
}
