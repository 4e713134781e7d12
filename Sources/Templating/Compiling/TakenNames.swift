/// What files take from where they are used: the names and slots they mention without giving them
/// a meaning themselves, each with the place where it is mentioned first.
struct TakenNames {
    private let templates: [String: Template]
    private var known: [String: Taken] = [:]

    struct Taken {
        var names: [String: Expression] = [:]
        /// The nameless one is "".
        var slots: [String: Expression] = [:]
    }

    init(_ templates: [String: Template]) {
        self.templates = templates
    }

    /// By a file and the parts it includes.
    mutating func taken(by path: String) -> Taken {
        if let taken = known[path] { return taken }
        guard let template = templates[path] else { return Taken() }
        // Whatever goes round in a circle takes nothing more the second time.
        known[path] = Taken()
        var taken = Taken()
        walk(template.nodes, [], &taken)
        known[path] = taken
        return taken
    }

    private mutating func walk(_ nodes: [Node], _ bound: Set<String>, _ taken: inout Taken) {
        for node in nodes {
            switch node.kind {
            case .text: break
            case .draw(let value): take(value, bound, &taken)
            case .condition(let branches, let otherwise):
                for branch in branches {
                    take(branch.condition, bound, &taken)
                    walk(branch.body, bound, &taken)
                }
                walk(otherwise, bound, &taken)
            case .loop(let name, let list, let body, let otherwise):
                take(list, bound, &taken)
                walk(body, bound.union([name]), &taken)
                walk(otherwise, bound, &taken)
            case .alias(let name, let value, let body):
                take(value, bound, &taken)
                walk(body, bound.union([name]), &taken)
            case .block(_, let body): walk(body, bound, &taken)
            case .include(let path):
                let part = self.taken(by: path)
                for (name, place) in part.names where !bound.contains(name) {
                    taken.names[name] = taken.names[name] ?? place
                }
                taken.slots.merge(part.slots) { first, _ in first }
            case .component(let component):
                for argument in component.arguments { take(argument.value, bound, &taken) }
                walk(component.content, bound, &taken)
                for slot in component.slots { walk(slot.body, bound, &taken) }
            }
        }
    }

    private func take(_ expression: Expression, _ bound: Set<String>, _ taken: inout Taken) {
        expression.walk { part in
            guard case .name(let path) = part.form else { return }
            switch path[0] {
            case "slot":
                let name = path.count > 1 ? path[1] : ""
                taken.slots[name] = taken.slots[name] ?? part
            case "site", "loop": break
            case let name where !bound.contains(name):
                taken.names[name] = taken.names[name] ?? part
            default: break
            }
        }
    }
}
