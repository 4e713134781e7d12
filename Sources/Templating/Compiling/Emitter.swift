/// Puts a program together, operation by operation. A jump leads to a label, which may be placed
/// after it.
struct Emitter {
    var program = Program()
    private var labels: [Int] = []
    private var jumps: [(operation: Int, label: Label)] = []
    /// No text may be joined to what stands before this operation, since a jump leads here.
    private var barrier = 0
    /// By file and byte.
    private var placeNumbers: [Int: Int32] = [:]

    struct Label {
        let number: Int
    }

    mutating func label() -> Label {
        labels.append(-1)
        return Label(number: labels.count - 1)
    }

    mutating func place(_ label: Label) {
        labels[label.number] = program.operations.count
        barrier = program.operations.count
    }

    mutating func copy(_ bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return }
        let start = program.pool.count
        program.pool.append(contentsOf: bytes)
        if let last = lastCopy {
            program.operations[last].b += Int32(truncatingIfNeeded: bytes.count)
        } else {
            emit(Operation(.copy, a: start, b: bytes.count))
        }
    }

    /// The last operation, if it copies and nothing jumps to what follows it.
    private var lastCopy: Int? {
        let last = program.operations.count - 1
        return last >= barrier && last >= 0 && program.operations[last].code == .copy ? last : nil
    }

    mutating func emit(_ operation: Operation, to label: Label? = nil, origin: Expression? = nil) {
        var operation = operation
        // Drawing and stepping on begin by copying, which saves an operation each.
        if let last = lastCopy, operation.code == .draw || operation.code == .next {
            let copy = program.operations[last]
            if operation.code == .draw {
                operation.b = copy.a
                operation.c = copy.b
            } else {
                operation.a = copy.a
                operation.b = copy.b
            }
            program.operations.removeLast()
            program.origins.removeLast()
        }
        if let label { jumps.append((program.operations.count, label)) }
        program.operations.append(operation)
        program.origins.append(origin.map { placeNumber($0) } ?? -1)
    }

    mutating func constant(_ value: Value) -> Int {
        program.constants.append(value)
        return program.constants.count - 1
    }

    mutating func shapeNumber(_ shape: RecordShape) -> Int {
        if let known = program.shapes.firstIndex(where: { $0.hash == shape.hash }) { return known }
        program.shapes.append(shape)
        return program.shapes.count - 1
    }

    private mutating func placeNumber(_ expression: Expression) -> Int32 {
        let key = expression.file << 32 | expression.offset
        if let known = placeNumbers[key] { return known }
        let number = Int32(truncatingIfNeeded: program.places.count)
        program.places.append(
            Program.Place(
                file: expression.file,
                offset: expression.offset,
                name: expression.spelling
            )
        )
        placeNumbers[key] = number
        return number
    }

    /// The program, with every jump led to its label.
    mutating func finished() -> Program {
        emit(Operation(.end))
        program.pool += Array(repeating: 0, count: Output.slack)
        for (operation, label) in jumps {
            program.operations[operation].c = Int32(truncatingIfNeeded: labels[label.number])
        }
        return program
    }
}
