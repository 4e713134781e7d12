/// Draws one page: steps through its program's operations, copying bytes.
///
/// Records and lists are reached through plain pointers, without counting references: the page's
/// record, which the caller holds for the whole drawing, owns everything they lead to, and nothing
/// in it can change.
@safe struct Drawing: ~Copyable {
    private let program: Program
    private let language: Language
    /// A record's first field, or a list's element.
    private let registers: UnsafeMutablePointer<UnsafeRawPointer?>
    private let loops: UnsafeMutablePointer<Loop>
    private var left = Value.none
    private var right = Value.none

    @safe private struct Loop {
        var element: UnsafeRawPointer?
        var index: Int
        var count: Int
        /// An element whose shape has been found right.
        var known: UnsafePointer<Value>?
    }

    init(_ program: Program, _ language: Language) {
        self.program = program
        self.language = language
        let count = Compiler.Register.firstLoop + program.loops
        unsafe registers = .allocate(capacity: count)
        unsafe registers.initialize(repeating: nil, count: count)
        unsafe loops = .allocate(capacity: max(program.loops, 1))
        unsafe loops.initialize(
            repeating: Loop(element: nil, index: 0, count: 0),
            count: program.loops
        )
    }

    deinit {
        unsafe registers.deallocate()
        unsafe loops.deallocate()
    }

    mutating func draw(_ page: Record, site: Record, into output: inout Output) throws(Failure) {
        try check(page, 0, "the page's record")
        try check(site, 1, "the site's record")
        unsafe registers[Compiler.Register.page] = fields(of: page)
        unsafe registers[Compiler.Register.site] = fields(of: site)
        let program = self.program
        // The registers do not hold what they lead to, so the records must outlive the run.
        defer { withExtendedLifetime((page, site)) {} }
        try unsafe program.operations.withUnsafeBufferPointer { operations throws(Failure) in
            try unsafe program.pool.withUnsafeBufferPointer { pool throws(Failure) in
                try unsafe run(operations, pool, &output)
            }
        }
    }

    /// Why it could not be drawn, and at which operation.
    struct Failure: Error {
        let operation: Int
        let message: String
    }

    private func check(_ record: Record, _ shape: Int, _ what: String) throws(Failure) {
        if record.shape != program.shapes[shape].hash {
            throw Failure(operation: -1, message: mismatch(record, shape, what))
        }
    }

    private func mismatch(_ record: Record, _ shape: Int, _ what: String) -> String {
        "\(what) has the names \(record.names.joined(separator: ", ")), and the example "
            + program.shapes[shape].names.joined(separator: ", ")
    }

    // MARK: Operations

    private mutating func run(
        _ operations: UnsafeBufferPointer<Operation>,
        _ pool: UnsafeBufferPointer<UInt8>,
        _ output: inout Output
    ) throws(Failure) {
        guard let operations = operations.baseAddress, let pool = pool.baseAddress else { return }
        var at = 0
        while true {
            let operation = unsafe operations[at]
            switch operation.code {
            case .end:
                try checkLength(output.count, at)
                output.settleDot()
                return
            case .copy:
                unsafe output.putPadded(pool + Int(operation.a), Int(operation.b))
            case .draw:
                unsafe output.putPadded(pool + Int(operation.b), Int(operation.c))
                guard let escape = Escape(rawValue: operation.flag) else { break }
                let value = unsafe value(operation)
                if case .text(let text) = unsafe value.pointee {
                    output.put(text, as: escape)
                } else {
                    try draw(unsafe value.pointee, escape, at, &output)
                }
            case .drawIndex: output.put(unsafe loops[Int(operation.register)].index + 1)
            case .drawCount: output.put(try list(operation, at).count)
            case .drawJoined: try drawJoined(operation, at, &output)
            case .load:
                switch unsafe value(operation).pointee {
                case .record(let record):
                    guard record.shape == program.shapes[Int(operation.b)].hash else {
                        throw failure(at, mismatch(record, Int(operation.b), "a record"))
                    }
                    unsafe registers[Compiler.Register.scratch] = fields(of: record)
                case .none where operation.c >= 0:
                    at = Int(operation.c)
                    continue
                case .none: throw failure(at, "a record on the way to it is missing")
                default:
                    throw failure(at, "there is no record on the way to it, unlike in the example")
                }
            case .jump:
                at = Int(operation.c)
                continue
            case .jumpIf:
                if unsafe value(operation).pointee.isTrue == (operation.flag == 1) {
                    at = Int(operation.c)
                    continue
                }
            case .jumpIfMissing:
                if unsafe value(operation).pointee.isMissing {
                    at = Int(operation.c)
                    continue
                }
            case .jumpIfSame:
                let same = unsafe value(operation).pointee.isSame(
                    as: program.constants[Int(operation.b)]
                )
                if same == (operation.flag == 1) {
                    at = Int(operation.c)
                    continue
                }
            case .jumpIfEdge:
                let loop = unsafe loops[Int(operation.register)]
                let isEdge = operation.a == 0 ? loop.index == 0 : loop.index == loop.count - 1
                if isEdge == (operation.flag == 1) {
                    at = Int(operation.c)
                    continue
                }
            case .loop:
                let elements = try list(operation, at)
                guard !elements.isEmpty else {
                    at = Int(operation.c)
                    continue
                }
                unsafe elements.withUnsafeBufferPointer { elements in
                    unsafe loops[Int(operation.b)] = Loop(
                        element: UnsafeRawPointer(elements.baseAddress),
                        index: 0,
                        count: elements.count
                    )
                }
            case .bind: try bind(operation, at)
            case .next:
                unsafe output.putPadded(pool + Int(operation.a), Int(operation.b))
                // To change it through `self` would look to the Thread Sanitizer like a change of
                // what else `self` leads to, which all who draw this page share.
                let loop = unsafe loops + Int(operation.register)
                unsafe loop.pointee.index += 1
                if unsafe loop.pointee.index < loop.pointee.count {
                    unsafe loop.pointee.element =
                        loop.pointee.element.unsafelyUnwrapped + MemoryLayout<Value>.stride
                    try checkLength(output.count, at)
                    at = Int(operation.c)
                    continue
                }
            case .hold: hold(unsafe value(operation).pointee, operation)
            case .holdIndex: hold(.int(unsafe loops[Int(operation.register)].index + 1), operation)
            case .holdCount: hold(.int(try list(operation, at).count), operation)
            case .holdConstant: hold(program.constants[Int(operation.b)], operation)
            case .jumpIfHeld:
                if left.isSame(as: right) == (operation.flag == 1) {
                    at = Int(operation.c)
                    continue
                }
            case .plural:
                guard case .int(let number) = left else {
                    throw failure(at, "the count that chooses the plural form is missing")
                }
                at += PluralForm.allCases.firstIndex(of: language.pluralForm(of: number)) ?? 0
            }
            at += 1
        }
    }

    @inline(__always)
    private func value(_ operation: Operation) -> UnsafePointer<Value> {
        unsafe (registers[Int(operation.register)].unsafelyUnwrapped + Int(operation.a))
            .assumingMemoryBound(to: Value.self)
    }

    private func fields(of record: Record) -> UnsafeRawPointer? {
        unsafe record.fields.withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
    }

    private func list(_ operation: Operation, _ at: Int) throws(Failure) -> [Value] {
        switch unsafe value(operation).pointee {
        case .list(let elements): return elements
        case .none: throw failure(at, "it has no value: ask {% if … %} first")
        default: throw failure(at, "it is not a list, unlike in the example")
        }
    }

    private mutating func bind(_ operation: Operation, _ at: Int) throws(Failure) {
        let number = Int(operation.register)
        let register = Compiler.Register.firstLoop + number
        let element = unsafe loops[number].element
        guard operation.b >= 0 else {
            unsafe registers[register] = element
            return
        }
        let value = unsafe element.unsafelyUnwrapped.assumingMemoryBound(to: Value.self)
        guard case .record(let record) = unsafe value.pointee else {
            throw failure(at, "an element of the list is not a record, unlike in the example")
        }
        if let known = unsafe loops[number].known, case .record(let known) = unsafe known.pointee,
            record.isMadeAs(known)
        {
            unsafe registers[register] = fields(of: record)
            return
        }
        guard record.shape == program.shapes[Int(operation.b)].hash else {
            throw failure(at, mismatch(record, Int(operation.b), "an element of the list"))
        }
        unsafe loops[number].known = unsafe value
        unsafe registers[register] = fields(of: record)
    }

    private mutating func hold(_ value: Value, _ operation: Operation) {
        if operation.flag == 0 { left = value } else { right = value }
    }

    // MARK: Drawing

    private func draw(
        _ value: Value,
        _ escape: Escape,
        _ at: Int,
        _ output: inout Output
    ) throws(Failure) {
        switch value {
        case .text(let text): output.put(text, as: escape)
        case .int(let number): output.put(number)
        case .html(let html):
            guard escape == .text else {
                throw failure(at, "ready-made HTML can stand only between tags")
            }
            output.put(html.html)
        case .none: throw failure(at, "it has no value: ask {% if … %} first, or give it one")
        case .bool, .list, .record: throw failure(at, "it cannot be drawn, unlike in the example")
        }
    }

    private func drawJoined(
        _ operation: Operation,
        _ at: Int,
        _ output: inout Output
    ) throws(Failure) {
        guard let escape = Escape(rawValue: operation.flag) else { return }
        var isFirst = true
        for element in try list(operation, at) {
            if !isFirst { try draw(program.constants[Int(operation.b)], escape, at, &output) }
            isFirst = false
            try draw(element, escape, at, &output)
            try checkLength(output.count, at)
        }
    }

    @inline(__always)
    private func checkLength(_ count: Int, _ at: Int) throws(Failure) {
        if count > Templating.longestPage { throw failure(at, "the page grows too long") }
    }

    private func failure(_ operation: Int, _ message: String) -> Failure {
        Failure(operation: operation, message: message)
    }
}
