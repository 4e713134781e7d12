/// A moment, in whole milliseconds since 1970 UTC: as the store keeps it.
package struct Instant: Hashable, Comparable, Codable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package func adding(seconds: Int64) -> Instant {
        Instant(milliseconds: milliseconds + seconds * 1000)
    }

    package func adding(minutes: Int64) -> Instant {
        adding(seconds: minutes * 60)
    }

    package func minutes(until later: Instant) -> Int64 {
        (later.milliseconds - milliseconds) / 60_000
    }

    // One bare number, so that stored event payloads stay short and stable.
    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
