/// One reader of foreign bytes, and what must hold of it whatever the bytes are.
///
/// `swift test` replays the committed corpus through every target; `bin/fuzz` has libFuzzer look
/// for bytes that break one. What it finds is mended and its input added to the corpus.
struct FuzzTarget: Sendable {
    /// The name of its folder in `Corpus`, and of its word list there if it has one.
    let name: String
    /// Throws `Broken` when something does not hold.
    let check: @Sendable ([UInt8]) throws -> Void

    static let all: [FuzzTarget] = [
        FuzzTarget(name: "request", check: RequestTarget.check),
        FuzzTarget(name: "form", check: FormTarget.check),
        FuzzTarget(name: "multipart", check: MultipartTarget.check),
        FuzzTarget(name: "json", check: JSONTarget.check),
        FuzzTarget(name: "cookies", check: CookiesTarget.check),
        FuzzTarget(name: "files", check: FilesTarget.check),
        FuzzTarget(name: "address", check: AddressTarget.check),
        FuzzTarget(name: "typed", check: TypedTarget.check),
        FuzzTarget(name: "template", check: TemplateTarget.check),
        FuzzTarget(name: "locale", check: LocaleTarget.check),
        FuzzTarget(name: "settings", check: SettingsTarget.check),
        FuzzTarget(name: "crypto", check: CryptoTarget.check),
        FuzzTarget(name: "proof", check: ProofTarget.check),
        FuzzTarget(name: "shipment", check: ShipmentTarget.check),
        FuzzTarget(name: "answer", check: AnswerTarget.check),
    ]
}

/// A property that did not hold.
struct Broken: Error, CustomStringConvertible {
    let description: String
}

func hold(_ truth: Bool, _ what: @autoclosure () -> String) throws(Broken) {
    guard truth else { throw Broken(description: what()) }
}

func same<Thing: Equatable>(
    _ found: Thing,
    _ expected: Thing,
    _ what: @autoclosure () -> String
) throws(Broken) {
    guard found == expected else {
        throw Broken(description: "\(what()): \(found), not \(expected)")
    }
}

/// The lines of an input that stands for several values. A missing line is nil.
func lines(_ bytes: [UInt8], _ count: Int) -> [String?] {
    let parts = bytes.split(
        separator: 0x0A,
        maxSplits: count - 1,
        omittingEmptySubsequences: false
    )
    return (0..<count).map {
        $0 < parts.count ? String(decoding: parts[$0], as: UTF8.self) : nil
    }
}

/// Numbers that depend only on the input, so that a finding can be repeated.
struct InputNumbers {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    init(_ bytes: [UInt8]) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }

    /// True for about one input in so many.
    func isOneOf(_ count: UInt64) -> Bool { state % count == 0 }

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(bound, 1)
    }
}
