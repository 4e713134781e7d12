import Crypto
import FoundationEssentials

/// The files of `Public`, read once at start: compressed once, under names that carry their
/// fingerprint, so that a browser may keep them for ever.
package struct StaticFiles: Sendable {
    private struct File: Sendable {
        let bytes: [UInt8]
        let squeezed: [UInt8]?
        let type: String
        let tag: String
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
            let file = File(
                bytes: bytes,
                squeezed: type.hasPrefix("image/png") ? nil : Gzip.compress(bytes, level: 9),
                type: type,
                tag: tag
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
        var response = HTTPResponse(status: 200)
        response.label = "static"
        response.headers.add("Content-Type", file.type)
        response.headers.add("ETag", "\"\(file.tag)\"")
        response.headers.add("X-Content-Type-Options", "nosniff")
        response.headers.add("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.add("Vary", "Accept-Encoding")
        response.headers.add(
            "Cache-Control",
            request.path.hasPrefix("/static/")
                ? "public, max-age=31536000, immutable" : "public, max-age=3600"
        )
        if Self.matches(request.headers["if-none-match"], file.tag) {
            response.status = 304
            return response
        }
        if let range = request.headers["range"], request.method == .get {
            return partial(file, range, request.headers["if-range"], response)
        }
        response.headers.add("Accept-Ranges", "bytes")
        if let squeezed = file.squeezed, Gzip.isWanted(request.headers["accept-encoding"]) {
            response.headers.add("Content-Encoding", "gzip")
            response.body = .bytes(squeezed)
        } else {
            response.body = .bytes(file.bytes)
        }
        return response
    }

    private static func refusal(of method: HTTPMethod) -> HTTPResponse {
        var response = HTTPResponse(status: method == .options ? 204 : 405)
        response.headers.add("Allow", "GET, HEAD, OPTIONS")
        response.label = "static"
        return response
    }

    private func partial(
        _ file: File,
        _ field: String,
        _ condition: String?,
        _ whole: HTTPResponse
    ) -> HTTPResponse {
        var response = whole
        response.headers.add("Accept-Ranges", "bytes")
        response.body = .bytes(file.bytes)
        // Of another version, or several pieces at once: the whole file is a right answer too.
        guard condition == nil || condition == "\"\(file.tag)\"", !field.contains(",") else {
            return response
        }
        switch ByteRange.read(field, of: file.bytes.count) {
        case .ignored: return response
        case .beyond:
            response.status = 416
            response.headers.add("Content-Range", "bytes */\(file.bytes.count)")
            response.body = .none
            return response
        case .range(let range):
            response.status = 206
            response.headers.add(
                "Content-Range",
                "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.bytes.count)"
            )
            response.body = .slice(file.bytes[range])
            return response
        }
    }

    private static func matches(_ field: String?, _ tag: String) -> Bool {
        guard let field else { return false }
        return field.split(separator: ",").contains { part in
            let text = part.filter { $0 != " " }
            return text == "*" || text == "\"\(tag)\"" || text == "W/\"\(tag)\""
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

/// One range of bytes, as a Range field asks for it (RFC 9110, 14.1.2).
enum ByteRange: Equatable {
    case range(Range<Int>)
    /// Nothing of the file lies in it.
    case beyond
    /// Not a range in bytes: the field does not count.
    case ignored

    static func read(_ field: String, of count: Int) -> ByteRange {
        guard field.hasPrefix("bytes=") else { return .ignored }
        let parts = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return .ignored }
        switch (number(parts[0]), number(parts[1])) {
        case (let first?, let last?):
            guard first <= last else { return .ignored }
            return first < count ? .range(first..<min(last, count - 1) + 1) : .beyond
        case (let first?, nil):
            return first < count ? .range(first..<count) : .beyond
        case (nil, let length?):
            return length == 0 || count == 0 ? .beyond : .range(max(0, count - length)..<count)
        case (nil, nil): return .ignored
        }
    }

    /// More digits than a number holds lie past the end of any file.
    private static func number(_ digits: Substring) -> Int? {
        digits.isEmpty ? nil : Int(digits) ?? .max
    }
}
