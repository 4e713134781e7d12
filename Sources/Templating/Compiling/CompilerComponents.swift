/// Components, and what is put into their slots.
extension Compiler {
    func component(_ component: Node.Component, at offset: Int, _ frame: Frame) {
        for argument in component.arguments { _ = resolve(argument.value, frame.scope) }
        guard let template = library.component(component.name) else {
            problem(
                frame.template,
                offset,
                "there is no component “\(component.name)”, that is, no "
                    + "“\(Library.path(ofComponent: component.name))”"
            )
            isWhole = false
            return
        }
        guard let files = opened(template, at: offset, frame) else { return }
        let known = library.interface(ofComponent: component.name)
        var names: [String: Scope.Binding] = [:]
        for argument in component.arguments {
            if known.names[argument.name] == nil {
                problem(
                    frame.template,
                    argument.offset,
                    "the component “\(component.name)” takes no “\(argument.name)”"
                )
            }
            names[argument.name] = .expression(argument.value, frame.scope)
        }
        let use = ComponentUse(
            name: component.name,
            slots: slots(of: component, Set(known.slots.keys), at: offset, frame),
            scope: frame.scope,
            files: frame.files
        )
        let scope = Scope(parent: globals, names: names, component: use)
        body(template.nodes, Frame(template: template, scope: scope, files: files))
    }

    private func slots(
        of component: Node.Component,
        _ known: Set<String>,
        at offset: Int,
        _ frame: Frame
    ) -> [String: [Node]] {
        var slots: [String: [Node]] = [:]
        if component.holds(frame.template.source) {
            slots[""] = component.content
            if !known.contains("") {
                problem(
                    frame.template,
                    offset,
                    "the component “\(component.name)” has no place for what stands between "
                        + "its tags"
                )
            }
        }
        for slot in component.slots {
            slots[slot.name] = slot.body
            if !known.contains(slot.name) {
                problem(
                    frame.template,
                    slot.offset,
                    "the component “\(component.name)” has no slot “\(slot.name)”"
                )
            }
        }
        return slots
    }

    /// What was put into a slot, where the component draws it.
    func slot(
        _ name: String,
        _ content: [Node]?,
        _ use: ComponentUse,
        _ expression: Expression
    ) {
        guard let content else {
            problem(
                expression,
                name.isEmpty
                    ? "the component “\(use.name)” was given nothing to hold: ask {% if slot "
                        + "%} first"
                    : "the component “\(use.name)” was given no slot “\(name)”: ask {% if "
                        + "slot.\(name) %} first"
            )
            return
        }
        body(content, Frame(template: use.files.template, scope: use.scope, files: use.files))
    }
}
