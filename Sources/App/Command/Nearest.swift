/// The name somebody may have meant who mistyped it.
enum Nearest {
    /// Nil if none is near.
    static func name(to typed: String, of names: [String]) -> String? {
        let far = max(1, typed.count / 3)
        return names.map { (name: $0, steps: steps(typed.lowercased(), $0.lowercased())) }
            .filter { $0.steps <= far }
            .min { $0.steps < $1.steps }?.name
    }

    /// How many letters have to be put in, left out, changed, or swapped with the next.
    private static func steps(_ one: String, _ other: String) -> Int {
        let one = Array(one)
        let other = Array(other)
        var before: [Int] = []
        var last = Array(0...other.count)
        for row in 1..<one.count + 1 {
            var line = [row]
            for column in 1..<other.count + 1 {
                let isSame = one[row - 1] == other[column - 1]
                var least = min(last[column] + 1, line[column - 1] + 1)
                least = min(least, last[column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, one[row - 1] == other[column - 2],
                    one[row - 2] == other[column - 1]
                {
                    least = min(least, before[column - 2] + 1)
                }
                line.append(least)
            }
            before = last
            last = line
        }
        return last[other.count]
    }
}
