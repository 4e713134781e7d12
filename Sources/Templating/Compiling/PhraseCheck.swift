/// Checks every `t(…)` of every file against every language, whether or not a page draws it.
struct PhraseCheck {
    let library: Library
    private(set) var problems = ProblemList()

    init(_ library: Library) {
        self.library = library
    }

    mutating func run() {
        for template in library.templates.values {
            var found: [(Expression, String, [Expression.Argument])] = []
            template.walkExpressions { expression in
                if case .words(let key, let arguments) = expression.form {
                    found.append((expression, key, arguments))
                }
            }
            for (expression, key, arguments) in found {
                check(expression, key, arguments, template.source)
            }
        }
    }

    private mutating func check(
        _ expression: Expression,
        _ key: String,
        _ arguments: [Expression.Argument],
        _ source: Source
    ) {
        let given = Set(arguments.map(\.name))
        // That a file breaks off has been told; which phrases are not read of it says no more.
        let missing = library.languages.all.filter { $0.isWhole && $0.phrases[key] == nil }
        guard missing.isEmpty else {
            let codes = missing.map(\.code).joined(separator: " and ")
            problems.add(
                source.problem(expression.offset, "the phrase “\(key)” is missing in \(codes)")
            )
            return
        }
        // The count that chooses a form is checked where a page is compiled, which is for one
        // language at the start.
        let languages = library.languages.all.filter {
            $0.phrases[key] != nil && !$0.flawed.contains(key)
        }
        let plurals = languages.filter { $0.phrases[key]?.isPlural == true }
        if !plurals.isEmpty, plurals.count < languages.count {
            let codes = plurals.map(\.code).joined(separator: " and ")
            problems.add(
                source.problem(
                    expression.offset,
                    "the phrase “\(key)” has plural forms only in \(codes): give all languages some"
                )
            )
        }
        for language in languages {
            guard let phrase = language.phrases[key] else { continue }
            var needed = phrase.gaps
            if phrase.isPlural { needed.insert("count") }
            for name in needed.subtracting(given).sorted() {
                problems.add(
                    source.problem(
                        expression.offset,
                        "the phrase “\(key)” has a gap {\(name)} in \(language.code): write "
                            + "\(name)=…"
                    )
                )
            }
            for argument in arguments where !needed.contains(argument.name) {
                problems.add(
                    source.problem(
                        argument.offset,
                        "the phrase “\(key)” has no gap {\(argument.name)} in \(language.code)"
                    )
                )
            }
        }
    }
}
