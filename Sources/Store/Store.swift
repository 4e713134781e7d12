/// One SQLite file, many readers, one writer.
///
/// `Store` keeps a community's data in one SQLite file. `Database.read` gives a `Snapshot`, one
/// consistent view; `Database.write` gives a `Change`, which is on disk when the call returns or
/// has left no trace. One connection owns every write and every checkpoint, in one process: SQLite
/// before 3.51.3 can damage its log when two of them write or make a checkpoint at once.
///
/// It will never: run SQL that was put together from text at run time, acknowledge what is not yet
/// durable, write from two connections, go on writing after the disk failed to keep a promise, or
/// know what the tables mean.
enum Store {
    /// "Kith" in ASCII, in the header of every store, so that another program's file is refused.
    static let applicationID: Int32 = 0x4B69_7468
}
