/// Whoever sends many requests without waiting for answers has a few answered at once, and then
/// stands in line with the others who do, while everyone else is heard in between.
extension Loop {
    /// How many requests of one connection are answered before others are looked at.
    static let requestsAtOnce = 8
    private static let requestsInLine = 2
    /// For how long the line is served before the others are heard again, in microseconds.
    private static let lineTime: Int64 = 1000

    struct Place {
        let descriptor: Int32
        let generation: UInt64
    }

    /// Nothing more is read from it until what it has asked is answered.
    func standInLine(_ connection: Connection) {
        connection.isInLine = true
        line.append(Place(descriptor: connection.descriptor, generation: connection.generation))
    }

    func serveLine() {
        guard !line.isEmpty else { return }
        let end = Clock.microseconds() + Self.lineTime
        var served = 0
        repeat {
            let place = line[served]
            served += 1
            // Whoever has gone has left a place.
            if let connection = connection(place.descriptor),
                connection.generation == place.generation, connection.isInLine
            {
                connection.isInLine = false
                work(connection, most: Self.requestsInLine)
                putDown(connection)
            }
        } while served < line.count && Clock.microseconds() < end
        line.removeFirst(served)
    }
}
