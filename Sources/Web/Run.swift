import Basics
import HTTPServer
import Store

/// One request on its way through its lane. What it shows of anyone's record is on disk in the
/// audit before a byte of the answer leaves.
struct Run: Sendable {
    let site: Site
    let endpoint: Routes.Endpoint
    let request: Request
    let responder: Responder

    func start() {
        switch endpoint.route.lane {
        case .bare: bare()
        case .read: read()
        case .write: write()
        case .slow:
            guard site.slow.run(for: request.http.clientAddress, slow) else {
                site.refuse(request, Overloaded(), route: pattern, responder)
                return
            }
        }
    }

    private var pattern: String { endpoint.route.pattern }

    private func bare() {
        do {
            let answer = try endpoint.handler(request)
            if case .page = answer.content { preconditionFailure("\(pattern) needs the store") }
            responder.send(site.plain(answer, request, route: pattern))
        } catch {
            refuse(request, error)
        }
    }

    private func read() {
        do {
            let drawn = try site.database.read { snapshot in
                let known = request.identifying(try site.hooks.identify(request, snapshot))
                return try outcome(known, snapshot)
            }
            settle(drawn)
        } catch {
            refuse(request, error)
        }
    }

    private func write() {
        site.database.submit(
            { change in
                let known = request.identifying(
                    try site.hooks.identify(request, change.snapshot)
                )
                do {
                    let answer = try endpoint.handler(known)
                    try site.hooks.trace(known)?(change)
                    return try site.draw(answer, known, route: pattern, change.snapshot)
                } catch {
                    throw Refused(request: known, error: error)
                }
            },
            then: { result in
                switch result {
                case .success(let response): responder.send(response)
                case .failure(let refused as Refused):
                    refuse(refused.request, refused.error, isHere: false)
                case .failure(let error): refuse(request, error, isHere: false)
                }
            }
        )
    }

    private func slow() {
        var known = request
        do {
            known = try site.database.read { snapshot in
                request.identifying(try site.hooks.identify(request, snapshot))
            }
            let asked = known
            let answer = try endpoint.handler(asked)
            let drawn = try site.database.read { snapshot in
                Drawn(
                    request: asked,
                    response: try site.draw(answer, asked, route: pattern, snapshot)
                )
            }
            settle(drawn)
        } catch {
            refuse(known, error)
        }
    }

    private struct Drawn: Sendable {
        let request: Request
        let response: HTTPResponse
    }

    /// Carries who asked out of a change that is rolled back.
    private struct Refused: Error {
        let request: Request
        let error: any Error
    }

    private func outcome(
        _ known: Request,
        _ snapshot: borrowing Snapshot
    ) throws -> Drawn {
        do {
            let answer = try endpoint.handler(known)
            return Drawn(
                request: known,
                response: try site.draw(answer, known, route: pattern, snapshot)
            )
        } catch {
            throw Refused(request: known, error: error)
        }
    }

    /// Sends the answer, after its trace, if it has one, is durable.
    private func settle(_ drawn: Drawn) {
        guard let trace = site.hooks.trace(drawn.request) else {
            responder.send(drawn.response)
            return
        }
        site.database.submit(trace) { result in
            switch result {
            case .success: responder.send(drawn.response)
            case .failure(let error):
                site.refuseApart(drawn.request, error, route: pattern, responder)
            }
        }
    }

    /// `isHere` unless on the writer's thread.
    private func refuse(_ asked: Request, _ error: any Error, isHere: Bool = true) {
        if let refused = error as? Refused {
            refuse(refused.request, refused.error, isHere: isHere)
            return
        }
        guard let refusal = error as? any Refusal,
            let trace = site.hooks.refused(asked, refusal, pattern)
        else {
            if isHere {
                site.refuse(asked, error, route: pattern, responder)
            } else {
                site.refuseApart(asked, error, route: pattern, responder)
            }
            return
        }
        site.database.submit(trace) { _ in
            site.refuseApart(asked, error, route: pattern, responder)
        }
    }
}

/// More is waiting for the slow queue than it may hold.
struct Overloaded: Refusal {
    var kind: RefusalKind { .unavailable }
    var phrase: Phrase { Phrase("web.refusal.busy") }
}
