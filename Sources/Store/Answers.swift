/// What is asked of a reading, in numbers: who, whom, what.
package struct Question: Hashable, Sendable {
    private let kind: ObjectIdentifier
    private let numbers: SIMD4<Int64>

    /// A kind is a type that nobody else has: `private enum NameOf {}`.
    package init(_ kind: Any.Type, _ numbers: Int64...) {
        precondition(numbers.count <= 4)
        self.kind = ObjectIdentifier(kind)
        var four = SIMD4<Int64>(repeating: .min)
        for (place, number) in numbers.enumerated() { four[place] = number }
        self.numbers = four
    }
}

extension Snapshot {
    /// What was answered once in this reading is the answer for as long as it lasts, since nothing
    /// in it can change: a page names the same person ten times. Inside a change, which can change
    /// the answer, it is asked anew each time.
    package func once<Answer>(_ question: Question, _ answer: () throws -> Answer) throws -> Answer
    {
        guard let answers = connection.answers else { return try answer() }
        if let known = answers.known[question] as? Kept<Answer> { return known.answer }
        let made = try answer()
        answers.known[question] = Kept(made)
        return made
    }
}

/// The answers of one reading, by what was asked.
final class Answers {
    var known: [Question: AnyObject] = [:]
}

private final class Kept<Answer> {
    let answer: Answer

    init(_ answer: Answer) {
        self.answer = answer
    }
}
