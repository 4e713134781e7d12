import Basics
import FoundationEssentials

/// A file beside the store that says: whoever opened it last has shipped all of its log, and where
/// to. Without it the log may have lost pages nobody shipped, though it looks like the one that was.
/// Once that is so it says no more than where something was shipped.
struct ShippingNote: Codable, Sendable {
    /// The place's identity.
    let place: String
    /// True once the thread was lost: something of this store is there, but nothing goes on from it.
    var isCut: Bool?
    /// For a place that cannot be looked at: the label of what was shipped last, and the last base.
    var last: Data?
    var base: String?
    /// The store's files as they were when it was closed with all of it shipped.
    var rest: FileMark?

    private static func path(_ store: String) -> String { store + ".shipped" }

    /// Nil if there is none that can be read.
    static func read(on store: String) -> ShippingNote? {
        guard let bytes = FileManager.default.contents(atPath: path(store)) else { return nil }
        return try? JSONDecoder().decode(ShippingNote.self, from: bytes)
    }

    func write(on store: String) throws {
        let bytes = Array(try JSONEncoder().encode(self))
        try WholeFile.make(Self.path(store)) { try $0.append(bytes) }
    }

    /// Once the store is closed, and all of it is in its place.
    static func noteRest(of store: String) throws {
        guard var note = read(on: store), let mark = FileMark(of: store) else { return }
        note.rest = mark
        try note.write(on: store)
    }

    /// By whoever loses the thread.
    static func cut(on store: String, at place: String) throws {
        guard read(on: store)?.place == place else { return try clear(on: store) }
        do {
            try ShippingNote(place: place, isCut: true).write(on: store)
        } catch {
            // A full disk has room for none, and one that says too much is worse.
            try clear(on: store)
        }
    }

    /// By whoever opens the store without a second place.
    static func clear(on store: String) throws {
        guard FileManager.default.fileExists(atPath: path(store)) else { return }
        try FileManager.default.removeItem(atPath: path(store))
        try flushToDisk(store + ".lock")
    }
}
