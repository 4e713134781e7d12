import FoundationEssentials

/// A file beside the store that says: whoever opened it last has shipped its log. Without it the
/// log may have lost pages nobody shipped, though it looks like the one that was.
enum ShippingMark {
    private static func path(_ store: String) -> String { store + ".shipped" }

    static func isSet(on store: String) -> Bool {
        FileManager.default.fileExists(atPath: path(store))
    }

    static func set(on store: String) throws {
        guard !isSet(on: store) else { return }
        try createPrivately(path(store))
        try flushToDisk(path(store))
    }

    /// By whoever opens the store without a second folder.
    static func clear(on store: String) throws {
        guard isSet(on: store) else { return }
        try FileManager.default.removeItem(atPath: path(store))
        try flushToDisk(store + ".lock")
    }
}
