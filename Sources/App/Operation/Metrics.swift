import Basics
import HTTPServer
import Store
import Synchronization

/// The counts for `/metrics`, in the text form of Prometheus. Numbers alone: no label names a
/// person, a path or an address.
final class Metrics: Sendable {
    private let counts = Mutex<ServerCounts?>(nil)
    private let communities = Mutex<(@Sendable () -> Communities?)?>(nil)

    /// Where many are served.
    struct Communities {
        let open: Int
        let usable: Int
        let broken: Int
    }

    func watch(_ counts: ServerCounts) {
        self.counts.withLock { $0 = counts }
    }

    func watch(_ communities: @escaping @Sendable () -> Communities?) {
        self.communities.withLock { $0 = communities }
    }

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Of the process, and of the community that was asked.
    func text(deadLetters: Int, failedBatches: Int, shipping: ShippingStatus?) -> String {
        let text =
            Self.family(
                "kith_dead_letters",
                "gauge",
                "Jobs and deliveries given up after many tries",
                ["kith_dead_letters \(deadLetters)"]
            )
            + Self.family(
                "kith_failed_batches_total",
                "counter",
                "Times that the store could not make changes durable",
                ["kith_failed_batches_total \(failedBatches)"]
            )
        return self.text() + text + (shipping.map(Self.shipping) ?? "")
    }

    /// Of the process alone.
    func text() -> String {
        var text = Self.family("kith_up", "gauge", "1 while the process serves", ["kith_up 1"])
        text += Self.family(
            "kith_lost_log_lines_total",
            "counter",
            "Lines of the log that were dropped, since nobody read what came before",
            ["kith_lost_log_lines_total \(Output.lost)"]
        )
        if let communities = communities.withLock({ $0 })?() {
            text += Self.family(
                "kith_communities_open",
                "gauge",
                "Communities whose store is open",
                ["kith_communities_open \(communities.open)"]
            )
            text += Self.family(
                "kith_communities",
                "gauge",
                "Communities that are served: open, or opened for whoever comes",
                ["kith_communities \(communities.usable)"]
            )
            text += Self.family(
                "kith_communities_broken",
                "gauge",
                "Communities that cannot be opened: the log says why",
                ["kith_communities_broken \(communities.broken)"]
            )
        }
        guard let reading = counts.withLock({ $0 })?.reading else { return text }
        text += Self.family(
            "kith_connections",
            "gauge",
            "Open connections",
            ["kith_connections \(reading.connections)"]
        )
        text += Self.family(
            "kith_held_bytes",
            "gauge",
            "Memory that connections hold together",
            ["kith_held_bytes \(reading.heldBytes)"]
        )
        text += Self.family(
            "kith_received_bytes_total",
            "counter",
            "Bytes received",
            ["kith_received_bytes_total \(reading.receivedBytes)"]
        )
        text += Self.family(
            "kith_sent_bytes_total",
            "counter",
            "Bytes sent",
            ["kith_sent_bytes_total \(reading.sentBytes)"]
        )
        text += Self.family(
            "kith_answers_total",
            "counter",
            "Answers by class of status",
            (1...5).map { "kith_answers_total{class=\"\($0)xx\"} \(reading.answers[$0])" }
        )
        return text + histogram(reading)
    }

    private static func shipping(_ status: ShippingStatus) -> String {
        let lag = Double(status.lagMilliseconds) / 1000
        let base = Double(status.lastBase?.milliseconds ?? 0) / 1000
        return family(
            "kith_shipping_lag_seconds",
            "gauge",
            "Age of the oldest change that could not be restored from the second place",
            ["kith_shipping_lag_seconds \(lag)"]
        )
            + family(
                "kith_shipping_trouble",
                "gauge",
                "1 while the second place cannot be reached",
                ["kith_shipping_trouble \(status.isInTrouble ? 1 : 0)"]
            )
            + family(
                "kith_shipping_base_seconds",
                "gauge",
                "When the whole store was shipped last, in seconds since 1970",
                ["kith_shipping_base_seconds \(base)"]
            )
    }

    private func histogram(_ reading: ServerCounts.Reading) -> String {
        var lines: [String] = []
        var sum = 0
        for (place, bound) in ServerCounts.boundsMicroseconds.enumerated() {
            sum += reading.buckets[place]
            let seconds = Double(bound) / 1_000_000
            lines.append("kith_answer_seconds_bucket{le=\"\(seconds)\"} \(sum)")
        }
        let count = reading.buckets.reduce(0, +)
        lines.append("kith_answer_seconds_bucket{le=\"+Inf\"} \(count)")
        lines.append("kith_answer_seconds_sum \(Double(reading.microseconds) / 1_000_000)")
        lines.append("kith_answer_seconds_count \(count)")
        return Self.family(
            "kith_answer_seconds",
            "histogram",
            "Time from a request's last byte to its answer",
            lines
        )
    }

    private static func family(
        _ name: String,
        _ type: String,
        _ help: String,
        _ lines: [String]
    ) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n" + lines.joined(separator: "\n") + "\n"
    }
}
