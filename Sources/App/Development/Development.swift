import Basics
import Dispatch
import HTTPServer
import Synchronization
import Templating
import Web

/// For whoever works on pages (`kith serve --develop`): a gallery of every page with its example,
/// and pages that load themselves again when a template or a phrase is saved.
final class Development: Sendable {
    private let templates: Mutex<Templates>
    private let pages: [any Page.Type]
    private let report: @Sendable (String) -> Void
    private let streams = Mutex<[ResponseStream]>([])
    private let told = Mutex("")

    init(
        templates: Templates,
        pages: [any Page.Type],
        report: @escaping @Sendable (String) -> Void
    ) {
        self.templates = Mutex(templates)
        self.pages = pages.sorted { $0.template < $1.template }
        self.report = report
    }

    func add(to routes: inout Routes) {
        routes.get("/development", for: .anyone) { [self] _, _ in
            .page(GalleryPage(templates: pages.map { $0.template }))
        }
        for (number, page) in pages.enumerated() {
            routes.get("/development/pages/\(number)", for: .anyone) { _, _ in
                .page(page.example)
            }
        }
        routes.get("/development/changes", for: .anyone) { [self] _, _ in
            let stream = ResponseStream(isEvents: true)
            streams.withLock { $0.append(stream) }
            return .events(stream)
        }
    }

    /// Looks twice a second, for as long as the process lives.
    func watch() {
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.5) { [weak self] in
            self?.look()
            self?.watch()
        }
    }

    /// Other templates take the place of those that were watched, as after SIGHUP. They are read
    /// again at the first look, which then tells the pages that are open.
    func follow(_ fresh: Templates) {
        templates.withLock { $0 = fresh }
    }

    /// A template that is wrong is told once, and pages stay as they were until it is right.
    func look() {
        do {
            if try templates.withLock({ $0 }).reloadIfChanged() { tell() }
            told.withLock { $0 = "" }
        } catch {
            let text = Plainly.words(error)
            let isNew = told.withLock { told in
                defer { told = text }
                return told != text
            }
            if isNew { report(text) }
        }
    }

    private func tell() {
        let event = ServerSentEvent(name: "changed", data: "").bytes
        streams.withLock { streams in
            streams.removeAll { stream in
                if case .gone = stream.offer(event) { true } else { false }
            }
        }
    }
}
