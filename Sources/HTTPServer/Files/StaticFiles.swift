import Crypto
import FoundationEssentials

/// The files of `Public`, read once at start: compressed once, under names that carry their
/// fingerprint, so that a browser may keep them for ever.
package struct StaticFiles: Sendable {
    /// One way in which a file is sent. Each has a tag of its own, since caches put together parts
    /// that have the same (RFC 9110, 8.8.3.3).
    private struct Representation: Sendable {
        let bytes: [UInt8]
        let tag: String
        var isSqueezed = false
    }

    private struct File: Sendable {
        let plain: Representation
        let squeezed: Representation?
        let type: String

        func representations(_ accepted: AcceptedCodings) -> [Representation] {
            let found = accepted.inOrder.compactMap { coding in
                coding == .gzip ? squeezed : plain
            }
            // Better in a way that was not asked for than not at all.
            return found.isEmpty ? [plain] : found
        }
    }

    private let files: [String: File]
    private let addresses: [String: String]

    /// Files that are asked for by a name of their own, by browsers and by rule.
    private static let fixed: Set<String> = ["favicon.ico", "robots.txt", "service-worker.js"]

    package static func load(folder: String) throws -> StaticFiles {
        var files: [String: File] = [:]
        var addresses: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            guard let type = type(of: name),
                let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
            else { continue }
            let bytes = Array(data)
            let tag = Hex.encode(Array(SHA256.hash(bytes).prefix(8)))
            let squeezed = type.hasPrefix("image/png") ? nil : Gzip.compress(bytes, level: 9)
            let file = File(
                plain: Representation(bytes: bytes, tag: tag),
                squeezed: squeezed.map {
                    Representation(bytes: $0, tag: "\(tag)-gzip", isSqueezed: true)
                },
                type: type
            )
            let dot = name.lastIndex(of: ".") ?? name.endIndex
            let address =
                fixed.contains(name) ? "/\(name)" : "/static/\(name[..<dot]).\(tag)\(name[dot...])"
            files[address] = file
            addresses[name] = address
        }
        return StaticFiles(files: files, addresses: addresses)
    }

    /// The address of a file by its plain name; the name itself where there is none.
    package func url(_ name: String) -> String {
        addresses[name] ?? "/static/\(name)"
    }

    /// Nil when the path is not one of ours.
    package func response(for request: HTTPRequest) -> HTTPResponse? {
        guard let file = files[request.path] else { return nil }
        guard request.method == .get || request.method == .head else {
            return Self.refusal(of: request.method)
        }
        let headers = request.headers
        // What this client may be sent of it, the better first.
        var choices = file.representations(AcceptedCodings(headers["accept-encoding"]))
        // The order of conditions is that of RFC 9110, 13.2.2. When a file was changed is not told,
        // so what asks about that does not count.
        if let condition = headers["if-match"] {
            let tags = EntityTags(condition)
            choices = choices.filter { tags?.holdsStrongly($0.tag) == true }
            guard !choices.isEmpty else { return Self.failed }
        }
        if let condition = headers["if-none-match"], let tags = EntityTags(condition),
            let kept = choices.first(where: { tags.holds($0.tag) })
        {
            return Self.response(304, file, kept, at: request.path)
        }
        if let field = headers["range"], request.method == .get,
            let choice = Self.part(of: choices, if: headers["if-range"])
        {
            let whole = Self.response(200, file, choice, at: request.path)
            return Self.partial(choice.bytes, field, whole)
        }
        var response = Self.response(200, file, choices[0], at: request.path)
        response.body = .bytes(choices[0].bytes)
        return response
    }

    private static func response(
        _ status: Int,
        _ file: File,
        _ choice: Representation,
        at path: String
    ) -> HTTPResponse {
        var response = HTTPResponse(status: status)
        response.label = "static"
        response.headers.add("Content-Type", file.type)
        response.headers.add("ETag", "\"\(choice.tag)\"")
        response.headers.add("X-Content-Type-Options", "nosniff")
        response.headers.add("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.add("Vary", "Accept-Encoding")
        response.headers.add(
            "Cache-Control",
            path.hasPrefix("/static/")
                ? "public, max-age=31536000, immutable" : "public, max-age=3600"
        )
        if status != 304 {
            response.headers.add("Accept-Ranges", "bytes")
            if choice.isSqueezed { response.headers.add("Content-Encoding", "gzip") }
        }
        return response
    }

    private static func refusal(of method: HTTPMethod) -> HTTPResponse {
        var response = HTTPResponse(status: method == .options ? 204 : 405)
        response.headers.add("Allow", "GET, HEAD, OPTIONS")
        response.label = "static"
        return response
    }

    private static var failed: HTTPResponse {
        var response = HTTPResponse.text(
            "The file is not the one that was asked for.\n",
            status: 412
        )
        response.headers.add("X-Content-Type-Options", "nosniff")
        response.headers.add("Cache-Control", "no-store")
        response.label = "static"
        return response
    }

    /// Of which representation a part is sent: of the one whose other part the client has. If it
    /// says nothing of that, of the file as it is, since not every client can unpack a part; if it
    /// has a part of something else, of none.
    private static func part(
        of choices: [Representation],
        if condition: String?
    ) -> Representation? {
        guard let condition else { return choices.first { !$0.isSqueezed } ?? choices[0] }
        return choices.first { condition == "\"\($0.tag)\"" }
    }

    private static func partial(
        _ bytes: [UInt8],
        _ field: String,
        _ whole: HTTPResponse
    ) -> HTTPResponse {
        var response = whole
        response.body = .bytes(bytes)
        // Several pieces at once: the whole file is a right answer too.
        guard !field.contains(",") else { return response }
        switch ByteRange.read(field, of: bytes.count) {
        case .ignored: return response
        case .beyond:
            response.status = 416
            response.headers.add("Content-Range", "bytes */\(bytes.count)")
            response.headers["Content-Encoding"] = nil
            response.headers["Cache-Control"] = "no-store"
            response.body = .none
            return response
        case .range(let range):
            response.status = 206
            response.headers.add(
                "Content-Range",
                "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
            )
            response.body = .slice(bytes[range])
            return response
        }
    }

    private static func type(of name: String) -> String? {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "txt": "text/plain; charset=utf-8"
        case "webmanifest": "application/manifest+json"
        default: nil
        }
    }
}
