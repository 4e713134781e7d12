import Basics
import FoundationEssentials
import Synchronization

/// A place behind a command of the operator's, such as one that copies to another machine. It gets
/// each shipment as a file of its own, and cannot be asked what it has; what is kept there, and
/// for how long, is its own affair.
final class ShippingCommand: ShippingPlace {
    private let line: String
    private let seconds: Int
    private let isOver = Atomic(false)

    init(_ line: String, seconds: Int) {
        self.line = line
        self.seconds = seconds
    }

    var name: String { "the shipping command" }
    var identity: String { "command \(line)" }
    var isBlind: Bool { true }

    func survey(_ note: ShippingNote?, at now: Instant) throws -> ShippingSurvey {
        var survey = ShippingSurvey()
        survey.last = note?.last.flatMap { ShipmentLabel([UInt8]($0)) }
        survey.lastBase = note?.base.flatMap { ShipmentName($0) }
        survey.isCovered = survey.lastBase != nil
        // Whatever was shipped there before, by this store or the one it was restored from, must
        // have a lower number. Nobody ships a thousand times a millisecond.
        if survey.last == nil { survey.start = now.milliseconds << 10 }
        return survey
    }

    func send(_ label: ShipmentLabel, _ bytes: [UInt8]) throws {
        try run(ShipmentName(.log, label.sequence, label.time)) { try $0.append(bytes) }
    }

    func sendBase(
        _ name: ShipmentName,
        _ parts: (_ append: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        try run(name) { command in try parts(command.append) }
    }

    private func run(_ name: ShipmentName, _ body: (CommandRun) throws -> Void) throws {
        let isWanted = { !self.isOver.load(ordering: .acquiring) }
        guard isWanted() else { throw StoreUnavailable.closed }
        let command = try CommandRun(
            line,
            ["KITH_FILE=\(name.text)"],
            seconds: seconds,
            whileTrue: isWanted
        )
        try body(command)
        try command.finish()
    }

    func prune(keepMinutes: Int64, baseMinutes: Int64) throws {}

    func close() {
        isOver.store(true, ordering: .releasing)
    }

    func letGo() {}
}
