import Synchronization

/// All the pages of a community, in all its languages.
package final class Templates: Sendable {
    private let folder: String?
    private let localesFolder: String?
    private let pages: [PageShape]
    private let site: Record
    private let edition: Mutex<Edition>
    /// Nil until somebody looks whether a file has changed.
    private let stamps = Mutex<[String: [Int]]?>(nil)

    /// Reads and compiles every template below a folder. Throws one `TemplateProblems` that lists
    /// everything wrong in any of them or in the languages.
    ///
    /// `site` is an example of the record that every page can use under that name.
    package static func load(
        folder: String,
        languages: Languages,
        pages: [PageShape],
        site: Record = [:]
    ) throws -> Templates {
        try Templates(
            files: files(below: folder),
            languages: languages,
            pages: pages,
            site: site,
            folder: folder
        )
    }

    init(
        files: [String: [UInt8]],
        languages: Languages,
        pages: [PageShape],
        site: Record,
        folder: String? = nil
    ) throws {
        self.folder = folder
        localesFolder = languages.folder
        self.pages = pages
        self.site = site
        edition = Mutex(try Edition(files, languages, pages, site))
    }

    // MARK: Drawing

    /// Appends a page to `bytes`; on an error nothing is appended.
    package func draw(
        _ template: String,
        _ page: Record,
        site: Record,
        words: Words,
        into bytes: inout [UInt8]
    ) throws {
        let edition = edition.withLock { $0 }
        guard let place = edition.languages.firstIndex(where: { $0.code == words.code }) else {
            throw DrawingFault(template: template, message: "there is no language \(words.code)")
        }
        guard let compiled = edition.pages[template] else {
            throw DrawingFault(template: template, message: "no page fills this template")
        }
        let program = try compiled.program(place)
        var output = Output(capacity: program.size.guess)
        var drawing = Drawing(program, edition.languages[place])
        do throws(Drawing.Failure) {
            try drawing.draw(page, site: site, into: &output)
        } catch {
            throw edition.fault(error, in: program, template)
        }
        program.size.note(output.capacity)
        unsafe bytes.append(contentsOf: output.bytes)
    }

    package func draw(
        _ template: String,
        _ page: Record,
        site: Record = [:],
        words: Words
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try draw(template, page, site: site, words: words, into: &bytes)
        return bytes
    }

    /// Compiles what is else compiled when it is first drawn: every page in every language.
    package func compileAll() throws { try edition.withLock { $0 }.compileAll() }

    // MARK: Development

    /// The languages as they were read last, with the templates.
    package var languages: Languages { Languages(edition.withLock { $0.languages }) }

    /// Reads everything again if a template or a phrase has changed, and says whether it has; the
    /// first time in any case, since a file may have been saved while it was read at the start.
    /// While something is wrong this throws, every time, and pages are drawn as they were before.
    @discardableResult
    package func reloadIfChanged() throws -> Bool {
        guard let folder else { return false }
        // Before reading, so that a file saved meanwhile is read again.
        let now = Self.stamps(folder, localesFolder)
        guard stamps.withLock({ $0 != now }) else { return false }
        let languages: Languages
        if let localesFolder {
            languages = try Languages.reading(folder: localesFolder)
        } else {
            languages = edition.withLock { Languages($0.languages) }
        }
        let fresh = try Edition(Self.files(below: folder), languages, pages, site)
        edition.withLock { $0 = fresh }
        stamps.withLock { $0 = now }
        return true
    }

    private static func files(below folder: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in try filePaths(below: folder, endings: [".html", ".txt"]) {
            files[path] = try fileBytes("\(folder)/\(path)")
        }
        return files
    }

    private static func stamps(_ folder: String, _ localesFolder: String?) -> [String: [Int]] {
        var stamps: [String: [Int]] = [:]
        for (folder, ending) in [(folder, [".html", ".txt"]), (localesFolder ?? "", [".json"])] {
            for path in (try? filePaths(below: folder, endings: ending)) ?? [] {
                stamps["\(folder)/\(path)"] = fileStamp("\(folder)/\(path)")
            }
        }
        return stamps
    }
}
