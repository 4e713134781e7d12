import Basics

extension Database {
    /// How far the second place is; nil without one.
    package var shippingStatus: ShippingStatus? { shipper?.status(at: time.now()) }

    /// Whether it ships where and as this says. It keeps to what it was opened with.
    package func ships(as settings: Shipping?) -> Bool {
        guard let now = shipper?.settings else { return settings == nil }
        return settings.map(now.isLike) ?? false
    }

    /// Ships what is committed, without waiting for the next pause. False if it cannot be.
    package func shipNow() throws -> Bool {
        guard let shipper else { return false }
        return try alone { _ in shipper.shipEverything(evenInTrouble: true) }
    }

    /// Makes a new base, so that a restore has less to do, and removes what is only needed for
    /// longer ago than is kept. It takes long, and holds nobody up.
    package func shipBase() throws {
        try shipper?.bases.alone { try makeBase() }
    }

    /// What a process that was killed left of it goes at the next start.
    static func baseCopy(of path: String) -> String { path + ".base" }

    func makeBase() throws {
        guard let shipper else { return }
        let path = path
        let time = time
        let reserve = shipper.reserveBytes
        try Room.require(FileMark.bytes(of: path) + reserve, beside: path)
        let (point, reader) = try alone { connection in
            guard shipper.shipEverything(evenInTrouble: true) else { throw StoreUnavailable.busy }
            let point = try shipper.bases.point(frames: connection.pagesInLog, at: time.now())
            // A snapshot of exactly this moment, since nothing is written during the turn.
            let reader = try Connection.reader(path)
            try reader.control("BEGIN")
            _ = try reader.integer("SELECT count(*) FROM sqlite_schema")
            guard self.isInPlace else { throw StoreUnavailable.suspect }
            return (point, reader)
        }
        try shipper.backlog.requireOpen()
        let copy = Self.baseCopy(of: path)
        removeFile(copy)
        defer { removeFile(copy) }
        try reader.copy(to: copy) {
            try shipper.backlog.requireOpen()
            try Room.require(reserve, beside: path)
        }
        reader.close()
        try shipper.bases.send(point, from: StorePages(copy, pageSize: point.label.pageSize))
    }
}
