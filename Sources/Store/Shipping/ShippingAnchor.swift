import Basics
import FoundationEssentials
import Synchronization

/// Whether what is shipped leads from a base to the last shipment. Then, and only then, does a note
/// beside the store say so.
final class ShippingAnchor: Sendable {
    private struct State {
        var isHeld = false
        /// How often it was lost.
        var losses = 0
        var base: ShipmentName?
    }

    private let state = Mutex(State())
    private let place: any ShippingPlace
    private let storePath: String
    private let backlog: ShippingBacklog

    init(
        _ place: any ShippingPlace,
        store path: String,
        _ backlog: ShippingBacklog
    ) {
        self.place = place
        storePath = path
        self.backlog = backlog
    }

    var isHeld: Bool { state.withLock { $0.isHeld } }

    var standing: (isHeld: Bool, losses: Int) { state.withLock { ($0.isHeld, $0.losses) } }

    /// An earlier process held it.
    func takeOver(_ base: ShipmentName?) {
        state.withLock { state in
            state.isHeld = true
            state.base = base
        }
    }

    /// Throws if the note still says so: it would tell the next process that nothing is missing,
    /// so nothing may be taken out of the log then.
    func lose() throws {
        try state.withLock { state in
            state.isHeld = false
            state.losses += 1
            do {
                try ShippingNote.cut(on: storePath, at: place.identity)
            } catch {
                throw NoteStays(reason: Plainly.words(error))
            }
        }
    }

    /// False if it was lost meanwhile, more often than `losses`: another base is needed.
    func hold(_ base: ShipmentName, _ last: ShipmentLabel, losses: Int) throws -> Bool {
        try state.withLock { state in
            guard state.losses == losses else { return false }
            state.base = base
            try note(last, base)
            state.isHeld = true
            return true
        }
    }

    /// Where the place cannot be looked at, after each shipment.
    func note(_ last: ShipmentLabel) throws {
        try state.withLock { state in
            guard state.isHeld, place.isBlind else { return }
            try note(last, state.base)
        }
    }

    /// Without it the store is opened once more than it need be.
    func noteRest() {
        state.withLock { state in
            guard state.isHeld else { return }
            try? ShippingNote.noteRest(of: storePath)
        }
    }

    private func note(_ last: ShipmentLabel, _ base: ShipmentName?) throws {
        // What was closed says nothing more about the store.
        try backlog.requireOpen()
        var note = ShippingNote(place: place.identity)
        if place.isBlind {
            note.last = Data(last.bytes)
            note.base = base?.text
        }
        try note.write(on: storePath)
    }
}

struct NoteStays: Error, CustomStringConvertible {
    let reason: String

    var description: String {
        "the note beside the store can be neither changed nor removed: \(reason)"
    }
}
