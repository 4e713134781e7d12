/// A page's template and an example of what fills it.
///
/// The names that a template may use are the example's, so every field that can be missing must be
/// filled in it, and every list must have an element.
package struct PageShape: Sendable {
    /// As the template's first line has it.
    package let name: String
    package let template: String
    package let example: Record

    package init(name: String, template: String, example: Record) {
        self.name = name
        self.template = template
        self.example = example
    }
}
