/// One page in one language, ready to be drawn: a flat list of operations over one pool of bytes.
struct Program: Sendable {
    var operations: [Operation] = []
    /// Ends in bytes to spare, so that copying from it need not stop at the last that is wanted.
    var pool: [UInt8] = []
    var constants: [Value] = []
    var shapes: [RecordShape] = []
    /// For each operation, where it comes from; looked at only when drawing fails.
    var origins: [Int32] = []
    var places: [Place] = []
    /// How many loops stand inside one another at most.
    var loops = 0
    let size = PageSize()

    struct Place: Sendable {
        let file: Int
        let offset: Int
        /// What was to be drawn, as it was written.
        let name: String
    }

    /// Where an operation comes from; nil when it comes from no one place.
    func place(of operation: Int) -> Place? {
        guard origins.indices.contains(operation) else { return nil }
        let number = Int(origins[operation])
        return places.indices.contains(number) ? places[number] : nil
    }
}

/// Sixteen bytes, so that four share a cache line.
struct Operation: Sendable {
    enum Code: UInt8, Sendable {
        case end
        /// Copy `b` bytes of the pool from `a`.
        case copy
        /// Copy `c` bytes of the pool from `b`; then draw the value at `register` + `a`, escaped as
        /// `flag` says.
        case draw
        /// Draw how many turns of the loop in `register` have begun.
        case drawIndex
        /// Draw the length of the list at `register` + `a`.
        case drawCount
        /// Draw the list at `register` + `a`, joined by constant `b`.
        case drawJoined
        /// Put the record at `register` + `a`, of shape `b`, into the scratch register; if there is
        /// none, go to `c`, or fail when `c` is negative.
        case load
        case jump
        /// Go to `c` if the value at `register` + `a` is as true as `flag`.
        case jumpIf
        /// Go to `c` if there is nothing to draw at `register` + `a`.
        case jumpIfMissing
        /// Go to `c` if the value at `register` + `a` is the same as constant `b`, or is not, as
        /// `flag` says.
        case jumpIfSame
        /// Go to `c` if the loop in `register` is at its first turn (`a` 0) or last (`a` 1), or is
        /// not, as `flag` says.
        case jumpIfEdge
        /// Begin loop `b` over the list at `register` + `a`; go to `c` if it is empty.
        case loop
        /// Put the element of the loop in `register` into its register, opened as a record of shape
        /// `b` unless that is negative.
        case bind
        /// Copy `b` bytes of the pool from `a`; then step the loop in `register` and go to `c` for
        /// another turn.
        case next
        /// Hold the value at `register` + `a` as the left (`flag` 0) or right (1) of a comparison.
        case hold
        case holdIndex
        case holdCount
        case holdConstant
        /// Go to `c` if what is held is the same, or is not, as `flag` says.
        case jumpIfHeld
        /// Skip as many operations as the plural form of the held number has in its list.
        case plural
    }

    let code: Code
    let flag: UInt8
    let register: UInt16
    var a: Int32
    var b: Int32
    var c: Int32

    init(_ code: Code, flag: UInt8 = 0, register: Int = 0, a: Int = 0, b: Int = 0, c: Int = 0) {
        self.code = code
        self.flag = flag
        self.register = UInt16(truncatingIfNeeded: register)
        self.a = Int32(truncatingIfNeeded: a)
        self.b = Int32(truncatingIfNeeded: b)
        self.c = Int32(truncatingIfNeeded: c)
    }
}
