import Events
import HTTPServer
import Store
import Synchronization
import Web

/// The addresses for those who run the platform: alive, ready, counted, which version.
struct Operations: Sendable {
    let database: Database
    let metrics: Metrics

    func add(to routes: inout Routes) {
        // Alive says that the process answers; ready, that the store does too.
        routes.get("/healthz", for: .anyone, lane: .bare) { _, _ in .text("ok\n") }
        routes.get("/readyz", for: .anyone, lane: .bare, ready)
        routes.get("/version", for: .anyone, lane: .bare) { _, _ in
            .json(Version.json)
        }
        routes.get("/metrics", for: .anyone) { _, _ in
            // Work that was given up after many tries: somebody should look.
            let dead = try database.read { try DeadLetter.count(in: $0) }
            return .bytes(
                Array(
                    metrics.text(
                        deadLetters: dead,
                        failedBatches: database.statistics.failedBatches,
                        shipping: database.shippingStatus
                    ).utf8
                ),
                contentType: Metrics.contentType
            )
        }
    }

    /// Told in words, also when the store cannot be read.
    private func ready(_: Request, _: Anyone) -> Answer {
        let count = try? database.read { data -> Int? in
            try data.value("SELECT count(*) FROM store_migration")
        }
        guard !database.isSuspect else { return .text("the store is not sound\n", status: 503) }
        guard !database.isDamaged else {
            return .text(
                "the store's file is damaged: run `kith verify`, and restore a backup\n",
                status: 503
            )
        }
        guard !database.isInTrouble else {
            // Once the disk is well, the next who asks is told so.
            database.tryDisk()
            return .text("changes cannot be written: the log says why\n", status: 503)
        }
        return count == nil
            ? .text("the store cannot be read\n", status: 503) : .text("ready\n")
    }
}
