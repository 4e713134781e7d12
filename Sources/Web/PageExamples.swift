import Basics
package import Templating

/// The examples that templates are compiled against: each page's own, and a full `site`.
package enum PageExamples {
    package static func shape(of page: any Page.Type, in words: Words) -> PageShape {
        PageShape(
            name: "\(page)",
            template: page.template,
            example: page.example.record(words)
        )
    }

    package static func site(_ words: Words) -> Record {
        Surroundings.example(words).record
    }
}
