/// What is known of a value before it is drawn, from the page's example.
indirect enum Shape: Sendable {
    /// The example gives no value, so nothing but a condition can use it.
    case unknown
    case text
    case int
    case bool
    case html
    /// An empty list tells nothing of its elements.
    case list(Shape?)
    case record(RecordShape)

    var what: String {
        switch self {
        case .unknown: "nothing"
        case .text: "a text"
        case .int: "a number"
        case .bool: "a yes or no"
        case .html: "ready-made HTML"
        case .list: "a list"
        case .record: "a record"
        }
    }
}

struct RecordShape: Sendable {
    let names: [String]
    let shapes: [Shape]
    /// The hash that a record must have to be of this shape.
    let hash: UInt64

    func slot(_ name: String) -> Int? {
        names.firstIndex(of: name)
    }
}

extension Shape {
    init(of value: Value) {
        switch value {
        case .none: self = .unknown
        case .text: self = .text
        case .int: self = .int
        case .bool: self = .bool
        case .html: self = .html
        case .record(let record): self = .record(RecordShape(of: record))
        case .list(let values):
            self = .list(
                values.first.map { first in
                    values.dropFirst().reduce(Shape(of: first)) { $0.filled(from: Shape(of: $1)) }
                }
            )
        }
    }

    /// What one element of a list leaves unknown, another may tell.
    private func filled(from other: Shape) -> Shape {
        switch (self, other) {
        case (.unknown, _): return other
        case (.list(let mine), .list(let theirs)):
            guard let mine else { return other }
            return theirs.map { .list(mine.filled(from: $0)) } ?? self
        case (.record(let mine), .record(let theirs)) where mine.hash == theirs.hash:
            return .record(
                RecordShape(
                    names: mine.names,
                    shapes: zip(mine.shapes, theirs.shapes).map { $0.filled(from: $1) },
                    hash: mine.hash
                )
            )
        default: return self
        }
    }
}

extension RecordShape {
    init(of record: Record) {
        names = record.names
        shapes = record.fields.map { Shape(of: $0.1) }
        hash = record.shape
    }

    /// Names that stand in it more than once.
    var repeated: [String] {
        var seen: Set<String> = []
        return names.filter { !seen.insert($0).inserted }
    }
}
