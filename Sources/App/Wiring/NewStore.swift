import Store

/// A data folder without a store. The first start makes one there; but one that was lost must not
/// be taken for that, and an empty one be shipped in its place.
enum NewStore {
    /// Whether opening the store makes it. Throws, with what to do, if one was there before.
    static func isMade(at path: String, _ shipping: Shipping?) throws -> Bool {
        guard Database.isMissing(path) else { return false }
        guard Database.isMissing(path + "-wal") else {
            throw Unusable(
                "there is no store at \(path), but what was written to one last is in \(path)-wal: "
                    + "put the store back beside it, or restore a backup to another folder"
            )
        }
        if let shipping, try shipping.knows(storeAt: path) {
            throw Unusable(
                "there is no store at \(path), but one is in its second place "
                    + "(\(shipping.placeName)): restore it with `kith restore`, "
                    + "or name another place under shipping in community.json to begin anew"
            )
        }
        return true
    }
}
