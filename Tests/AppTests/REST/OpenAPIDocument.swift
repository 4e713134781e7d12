import Foundation
import TestSupport
import Web

/// The interface's own description, and whether an answer is as it says. Knows as much of JSON
/// Schema as the document uses, and complains about the rest.
struct OpenAPIDocument: Sendable {
    let root: JSON

    init() throws {
        let path = TestStore.repository + "/Config/openapi.json"
        root = try JSONReader.read(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    /// Methods and addresses, as "GET /api/…".
    var operations: [String] {
        (root["paths"]?.members ?? []).flatMap { path in
            path.value.members.map { "\($0.name.uppercased()) \(path.name)" }
        }
    }

    func problems(_ method: String, _ path: String, _ answer: PageAnswer) -> [String] {
        guard let operation = operation(method, path) else {
            // What is not described is refused.
            return [404, 405].contains(answer.status) ? [] : ["it is not described"]
        }
        guard let response = resolved(operation["responses"]?["\(answer.status)"]) else {
            return ["this status is not described"]
        }
        var problems = (response["headers"]?.members ?? []).compactMap { header in
            header.value["required"] == .bool(true)
                && answer.header(header.name.lowercased()) == nil
                ? "\(header.name) is missing" : nil
        }
        let type = answer.header("content-type") ?? ""
        guard let media = response["content"]?[type] else { return problems + ["no \(type)"] }
        guard let value = try? JSONReader.read(answer.body) else { return problems + ["no JSON"] }
        if type == "application/problem+json", value["status"] != .whole(Int64(answer.status)) {
            problems.append("the status in the body is another")
        }
        return problems + check(value, media["schema"], "#")
    }

    /// Every example, held against the schema beside it.
    var falseExamples: [String] {
        falseExamples(root, "#")
    }

    private func falseExamples(_ value: JSON, _ place: String) -> [String] {
        if case .array(let values) = value { return values.flatMap { falseExamples($0, place) } }
        var problems: [String] = []
        if let schema = value["schema"] {
            let several = (value["examples"]?.members ?? []).compactMap { $0.value["value"] }
            for example in several + [value["example"]].compactMap({ $0 }) {
                problems += check(example, schema, place)
            }
        }
        for member in value.members where member.name != "example" {
            problems += falseExamples(member.value, "\(place)/\(member.name)")
        }
        return problems
    }

    private func operation(_ method: String, _ path: String) -> JSON? {
        let parts = path.split(separator: "/")
        let found = root["paths"]?.members.first { pattern in
            let names = pattern.name.split(separator: "/")
            return names.count == parts.count
                && zip(names, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return found?.value[method.lowercased()]
    }

    private func resolved(_ value: JSON?) -> JSON? {
        guard case .text(let reference) = value?["$ref"] else { return value }
        return reference.dropFirst(2).split(separator: "/").reduce(root as JSON?) { here, part in
            here?[String(part)]
        }
    }

    func check(_ value: JSON, _ schema: JSON?, _ place: String) -> [String] {
        guard let schema = resolved(schema) else { return ["\(place): a schema is missing"] }
        return schema.members.flatMap { rule in
            let holds: Bool
            switch rule.name {
            case "description", "examples", "default", "format", "title": holds = true
            case "type": holds = (rule.value.items ?? [rule.value]).contains(.text(value.type))
            case "enum": holds = rule.value.items?.contains(value) == true
            case "const": holds = rule.value == value
            case "not": holds = !check(value, rule.value, place).isEmpty
            case "pattern":
                holds =
                    value.string?.range(of: rule.value.string ?? "", options: .regularExpression)
                    != nil
            case "minimum": holds = value.number.map { $0 >= rule.value.number ?? 0 } ?? true
            case "maximum": holds = value.number.map { $0 <= rule.value.number ?? 0 } ?? true
            case "minLength": holds = value.string?.count ?? 0 >= Int(rule.value.number ?? 0)
            case "maxLength": holds = value.string?.count ?? 0 <= Int(rule.value.number ?? 0)
            case "minItems": holds = value.items?.count ?? 0 >= Int(rule.value.number ?? 0)
            case "maxItems": holds = value.items?.count ?? 0 <= Int(rule.value.number ?? 0)
            case "required":
                holds = rule.value.items?.allSatisfy { value[$0.string ?? ""] != nil } == true
            case "additionalProperties":
                holds = value.members.allSatisfy { schema["properties"]?[$0.name] != nil }
            case "properties":
                return rule.value.members.flatMap { part in
                    value[part.name].map { check($0, part.value, "\(place)/\(part.name)") } ?? []
                }
            case "items":
                return (value.items ?? []).enumerated().flatMap { index, item in
                    check(item, rule.value, "\(place)/\(index)")
                }
            default: holds = false
            }
            return holds ? [] : ["\(place) breaks \(rule.name)"]
        }
    }
}

extension JSON {
    var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    var items: [JSON]? {
        if case .array(let items) = self { items } else { nil }
    }

    var string: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var number: Int64? {
        if case .whole(let number) = self { number } else { nil }
    }

    fileprivate var type: String {
        switch self {
        case .object: "object"
        case .array: "array"
        case .text: "string"
        case .whole: "integer"
        case .fraction: "number"
        case .bool: "boolean"
        case .null: "null"
        }
    }
}
