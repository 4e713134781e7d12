import Foundation

@testable import Templating

/// Files of phrases: any bytes give phrases or problems that say where; and what has no problem
/// is the JSON that Foundation reads.
enum LocaleTarget {
    static func check(_ bytes: [UInt8]) throws {
        for code in ["en-GB", "cy"] {
            let source = Source(path: "own.json", bytes: bytes)
            var file = LocaleFile(source, code: code)
            file.read()
            let count = bytes.count { $0 == 0x0A } + 1
            for problem in file.problems {
                try hold((1...count).contains(problem.line), "\(problem.line) of \(count) lines")
                try hold((1...bytes.count + 1).contains(problem.column), "\(problem.column)")
            }
            guard file.problems.isEmpty else { continue }
            let json = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
            try same(Set(file.phrases.map(\.key)), Set(json.keys), "the keys")
            for (key, text, _) in file.phrases {
                switch text {
                case .plain(let pieces):
                    try same(spelt(pieces), json[key] as? String ?? "none", key)
                case .plural(let forms, let other):
                    var found = forms.map { ($0.key.rawValue, spelt($0.value)) }
                    found.append(("other", spelt(other)))
                    let expected = json[key] as? [String: String] ?? [:]
                    try same(Dictionary(uniqueKeysWithValues: found), expected, key)
                }
            }
        }
    }

    private static func spelt(_ pieces: [PhraseText.Piece]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .gap(let name): "{\(name)}"
            }
        }
        .joined()
    }
}
