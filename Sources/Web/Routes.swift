import HTTPServer

/// Where the work of a route is done.
package enum Lane: String, Sendable {
    /// Inline on the connection's loop, without the store: for what has to answer even when the
    /// store cannot, and for nobody in particular. No page can be drawn here.
    case bare
    /// Inline on the connection's loop, in one snapshot.
    case read
    /// On the community's writer, in a savepoint of its group commit. The answer leaves when the
    /// commit is on disk.
    case write
    /// On the small bounded queue for what takes long: password hashes, documents.
    case slow
}

/// Every address of the product, what it is for and who may take it.
package struct Routes: Sendable {
    typealias Handler = @Sendable (Request) throws -> Answer

    struct Endpoint: Sendable {
        let route: Route
        let needsFormToken: Bool
        let handler: Handler
    }

    /// A route as a test or a log names it.
    package struct Route: Hashable, Sendable {
        package let method: String
        package let pattern: String
        package let access: String
        package let lane: Lane
    }

    private struct Step: Sendable {
        var literals: [Substring: Int] = [:]
        var parameterName: String?
        var parameterStep: Int?
        var endpoints: [String: Endpoint] = [:]
    }

    private var steps: [Step] = [Step()]
    /// The paths without parameters, found at one look.
    private var whole: [String: Int] = [:]
    package private(set) var all: [Route] = []

    package init() {}

    package mutating func get<Given>(
        _ pattern: String,
        for access: Access<Given>,
        lane: Lane = .read,
        _ handler: @escaping @Sendable (Request, Given) throws -> Answer
    ) {
        add("GET", pattern, access, lane, handler)
    }

    package mutating func post<Given>(
        _ pattern: String,
        for access: Access<Given>,
        lane: Lane = .write,
        _ handler: @escaping @Sendable (Request, Given) throws -> Answer
    ) {
        add("POST", pattern, access, lane, handler)
    }

    private mutating func add<Given>(
        _ method: String,
        _ pattern: String,
        _ access: Access<Given>,
        _ lane: Lane,
        _ handler: @escaping @Sendable (Request, Given) throws -> Answer
    ) {
        precondition(lane != .bare || access.name == "anyone", "\(pattern) knows nobody")
        let route = Route(method: method, pattern: pattern, access: access.name, lane: lane)
        var here = 0
        for part in Routes.parts(pattern) {
            here = step(from: here, along: part, in: pattern)
        }
        if !pattern.utf8.contains(UInt8(ascii: "{")) { whole[pattern] = here }
        precondition(steps[here].endpoints[method] == nil, "\(method) \(pattern) is there twice")
        steps[here].endpoints[method] = Endpoint(
            route: route,
            needsFormToken: access.needsFormToken,
            handler: { request in try handler(request, access.admit(request)) }
        )
        all.append(route)
    }

    private mutating func step(from here: Int, along part: Substring, in pattern: String) -> Int {
        let isParameter = part.hasPrefix("{") && part.hasSuffix("}")
        if isParameter {
            let name = String(part.dropFirst().dropLast())
            if let next = steps[here].parameterStep {
                precondition(steps[here].parameterName == name, "\(pattern) renames a parameter")
                return next
            }
            steps.append(Step())
            steps[here].parameterName = name
            steps[here].parameterStep = steps.count - 1
            return steps.count - 1
        }
        if let next = steps[here].literals[part] { return next }
        steps.append(Step())
        steps[here].literals[part] = steps.count - 1
        return steps.count - 1
    }

    /// All that any address takes.
    var methods: [String] { Set(all.map(\.method) + ["HEAD", "OPTIONS"]).sorted() }

    enum Match {
        case found(Endpoint, [String: String])
        case wrongMethod(allowed: [String])
        case nothing
    }

    func match(_ method: HTTPMethod, _ path: String) -> Match {
        if let here = whole[path] { return end(here, method, [:]) }
        // The only other target is "*", which is no address but the whole server.
        guard path.utf8.first == UInt8(ascii: "/") else { return .nothing }
        var here = 0
        var parameters: [String: String] = [:]
        for part in Routes.parts(path) {
            if let next = steps[here].literals[part] {
                here = next
            } else if let next = steps[here].parameterStep, let name = steps[here].parameterName {
                parameters[name] = String(part)
                here = next
            } else {
                return .nothing
            }
        }
        return end(here, method, parameters)
    }

    private func end(_ here: Int, _ method: HTTPMethod, _ parameters: [String: String]) -> Match {
        let endpoints = steps[here].endpoints
        guard !endpoints.isEmpty else { return .nothing }
        // HEAD is answered as GET; the server leaves the body out.
        let wanted = method == .head ? "GET" : method.name
        guard let endpoint = endpoints[wanted] else {
            let also = endpoints["GET"] == nil ? ["OPTIONS"] : ["HEAD", "OPTIONS"]
            return .wrongMethod(allowed: (endpoints.keys + also).sorted())
        }
        return .found(endpoint, parameters)
    }

    private static func parts(_ path: String) -> [Substring] {
        path == "/" ? [] : Array(path.split(separator: "/", omittingEmptySubsequences: false)[1...])
    }
}
