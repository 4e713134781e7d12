import Basics
import Foundation

@testable import Transactions
@testable import Web

/// JSON from programs: what is read is what Foundation reads, and written again it reads the
/// same; an entry made of it balances and keeps to its limits, however the body was spelt.
enum JSONTarget {
    static func check(_ bytes: [UInt8]) throws {
        let value: JSON
        do throws(JSONReader.Malformed) {
            value = try JSONReader.read(bytes)
        } catch {
            try hold((0...bytes.count).contains(error.offset), "the place is in the text")
            return
        }
        try same(try JSONReader.read(value.bytes), value, "written again")
        // Foundation's own reader has no room for very large or exact numbers.
        if let other = try? JSONSerialization.jsonObject(
            with: Data(bytes),
            options: [.fragmentsAllowed]
        ) {
            try compare(value, other)
        }
        try checkEntry(value)
    }

    private static func compare(_ value: JSON, _ other: Any) throws {
        switch value {
        case .object(let members):
            let others = other as? [String: Any] ?? [:]
            try same(others.count, members.count, "the members")
            for member in members {
                guard let same = others[member.name] else {
                    throw Broken(description: "a member is missing: \(member.name)")
                }
                try compare(member.value, same)
            }
        case .array(let values):
            let others = other as? [Any] ?? []
            try same(others.count, values.count, "the values")
            for (value, other) in zip(values, others) { try compare(value, other) }
        case .text(let text): try same(other as? String, text, "a text")
        case .whole(let number):
            // Foundation reads -0 as a fraction.
            if number != 0 { try same((other as? NSNumber)?.int64Value, number, "a number") }
        case .fraction: try hold(other is NSNumber, "a fraction")
        case .bool(let truth): try same(other as? Bool, truth, "a truth")
        case .null: try hold(other is NSNull, "nothing")
        }
    }

    private static func checkEntry(_ body: JSON) throws {
        guard let entry = try? WantedEntry(body) else { return }
        try hold(WantedEntry.legCounts.contains(entry.legs.count), "as many legs as are allowed")
        for currency in Currency.allCases {
            let sum = entry.legs.filter { $0.currency == currency }.reduce(0) { $0 + $1.amount }
            try same(sum, 0, "it balances in \(currency)")
        }
        for leg in entry.legs {
            try hold(leg.amount != 0 && abs(leg.amount) <= WantedEntry.largest, "\(leg.amount)")
        }
        let again = try WantedEntry(try JSONReader.read(body.bytes))
        try same(again.canonical, entry.canonical, "the same body, written again")
    }
}
