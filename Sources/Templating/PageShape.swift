/// A page's template and an example of what fills it.
///
/// The names that a template may use are the example's, so every field that can be missing must be
/// filled in it, and every list must have an element.
package struct PageShape: Sendable {
    package let template: String
    package let example: Record

    package init(template: String, example: Record) {
        self.template = template
        self.example = example
    }
}
