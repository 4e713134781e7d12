/// What names mean at a place of a template. A scope outlives its tag: an argument or a slot is
/// put in where it is used, but means what it meant where it was written.
final class Scope {
    enum Binding {
        case value(Term.Form)
        /// Not a value but another expression, in its own scope.
        case expression(Expression, Scope)
    }

    let parent: Scope?
    let names: [String: Binding]
    /// The loop whose turn this is.
    let loop: Int?
    /// Set inside a component: its name, and what stands in it.
    let component: ComponentUse?

    init(
        parent: Scope?,
        names: [String: Binding] = [:],
        loop: Int? = nil,
        component: ComponentUse? = nil
    ) {
        self.parent = parent
        self.names = names
        self.loop = loop ?? parent?.loop
        self.component = component ?? parent?.component
    }

    func binding(_ name: String) -> Binding? {
        names[name] ?? parent?.binding(name)
    }

    var visible: [String] {
        Array(names.keys) + (parent?.visible ?? [])
    }
}

/// One use of a component: what was put between its tags.
final class ComponentUse {
    let name: String
    let slots: [String: [Node]]
    /// The scope and the files of the place where it is used.
    let scope: Scope
    let files: FileChain

    init(name: String, slots: [String: [Node]], scope: Scope, files: FileChain) {
        self.name = name
        self.slots = slots
        self.scope = scope
        self.files = files
    }
}

/// The files that stand open one inside another, to notice when one includes itself.
final class FileChain {
    let template: Template
    let parent: FileChain?

    init(_ template: Template, inside parent: FileChain?) {
        self.template = template
        self.parent = parent
    }

    func contains(_ path: String) -> Bool {
        template.source.path == path || (parent?.contains(path) ?? false)
    }

    /// How the files lead to one another, for a message.
    func trail(to path: String) -> String {
        var names = [path]
        var link: FileChain? = self
        while let here = link {
            names.append(here.template.source.path)
            link = here.parent
        }
        return names.reversed().joined(separator: " → ")
    }
}
