/// A piece of a template, as it was written.
struct Node: Sendable {
    let kind: Kind
    let offset: Int

    /// As how many pieces it counts, without what stands inside it.
    var size: Int {
        if case .text(let range) = kind { Templating.pieces(ofText: range.count) } else { 1 }
    }

    indirect enum Kind: Sendable {
        case text(Range<Int>)
        case draw(Expression)
        case condition([Branch], otherwise: [Node])
        case loop(String, Expression, body: [Node], otherwise: [Node])
        case alias(String, Expression, body: [Node])
        case block(String, [Node])
        case include(String)
        case component(Component)
    }

    struct Branch: Sendable {
        let condition: Expression
        let body: [Node]
    }

    struct Component: Sendable {
        let name: String
        let arguments: [Expression.Argument]
        /// What stands in it outside its named slots.
        let content: [Node]
        let slots: [Slot]

        /// Whether more than white space stands in it outside its named slots.
        func holds(_ source: Source) -> Bool {
            content.contains { node in
                if case .text(let range) = node.kind { !source.isBlank(range) } else { true }
            }
        }
    }

    struct Slot: Sendable {
        let name: String
        let offset: Int
        let body: [Node]
    }
}

/// One parsed file.
struct Template: Sendable {
    let source: Source
    let file: Int
    var nodes: [Node] = []
    var extends: (path: String, offset: Int)?
    /// The page that fills it, from its first line.
    var page: String?

    /// Calls `body` for every node, however deep.
    func walk(_ body: (Node) -> Void) {
        Template.walk(nodes, body)
    }

    static func walk(_ nodes: [Node], _ body: (Node) -> Void) {
        for node in nodes {
            body(node)
            switch node.kind {
            case .text, .draw, .include: break
            case .condition(let branches, let otherwise):
                for branch in branches { walk(branch.body, body) }
                walk(otherwise, body)
            case .loop(_, _, let inner, let otherwise):
                walk(inner, body)
                walk(otherwise, body)
            case .alias(_, _, let inner), .block(_, let inner): walk(inner, body)
            case .component(let component):
                walk(component.content, body)
                for slot in component.slots { walk(slot.body, body) }
            }
        }
    }

    /// Every expression of the file.
    func walkExpressions(_ body: (Expression) -> Void) {
        walk { node in
            switch node.kind {
            case .text, .block, .include: break
            case .draw(let expression), .loop(_, let expression, _, _),
                .alias(_, let expression, _):
                expression.walk(body)
            case .condition(let branches, _):
                for branch in branches { branch.condition.walk(body) }
            case .component(let component):
                for argument in component.arguments { argument.value.walk(body) }
            }
        }
    }
}
