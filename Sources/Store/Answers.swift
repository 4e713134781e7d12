extension Snapshot {
    /// What was answered once in this reading is the answer for as long as it lasts, since nothing
    /// in it can change: a page names the same person ten times. Inside a change, which can change
    /// the answer, it is asked anew each time.
    package func once<Question: Hashable, Answer>(
        _ question: Question,
        _ answer: () throws -> Answer
    ) throws -> Answer {
        guard let answers = connection.answers else { return try answer() }
        if let known = answers.known[question] as? Kept<Answer> { return known.answer }
        let made = try answer()
        answers.known[question] = Kept(made)
        return made
    }
}

/// The questions of one reading, by what was asked.
final class Answers {
    var known: [AnyHashable: AnyObject] = [:]
}

private final class Kept<Answer> {
    let answer: Answer

    init(_ answer: Answer) {
        self.answer = answer
    }
}
