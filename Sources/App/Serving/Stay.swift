import HTTPServer
import Web

/// Keeps the community open while somebody holds it.
final class Stay: Sendable {
    let community: Community
    private let door: Door

    init(_ community: Community, _ door: Door) {
        self.community = community
        self.door = door
    }

    deinit {
        door.leave()
    }

    /// Whatever works for the request holds its responder, and so this.
    func handle(_ request: HTTPRequest, _ responder: Responder) {
        community.site.handle(
            request,
            Responder { response in
                withExtendedLifetime(self) { responder.send(self.door.signed(response)) }
            }
        )
    }
}
