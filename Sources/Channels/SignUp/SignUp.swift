import Basics
import Crypto
import Identity
import Relationships
import Store
import Web

/// Joining, a question a page: code, kind of support, postcode, account (SGN-06). A step opens
/// only when the one before it was answered (SGN-09).
struct SignUp: Sendable {
    enum Support: String, Sendable, CaseIterable {
        case getting = "getting-support"
        case giving = "giving-support"

        var hat: Hat { self == .getting ? .gettingSupport : .givingSupport }
    }

    struct Answers: Sendable {
        let support: Support?
        let postcode: String?
        /// Already registered: the button was pressed twice.
        let isDone: Bool
    }

    static let cookie = CookieName("sign-up")
    private static let lifeMinutes: Int64 = 24 * 60

    let settings: JoiningSettings
    let identity: Identity
    let attempts: Attempts
    let random: RandomSource

    /// A right code begins a sign-up and gives the cookie that carries it. A wrong one is
    /// counted, and may be put right at once until there were too many (ruling 10).
    func begin(
        code: String,
        from address: String,
        in change: borrowing Change
    ) throws -> SiteCookie? {
        try attempts.check("invitation", from: address, at: change.now, in: change.snapshot)
        guard settings.codes.contains(code) else {
            try attempts.failed("invitation", from: address, in: change)
            return nil
        }
        let token = Base64URL.encode(random.bytes(32))
        try SignUpStore.insert(hash(token), in: change)
        try SignUpStore.deleteAll(
            before: change.now.adding(minutes: -Self.lifeMinutes),
            in: change
        )
        return SiteCookie(Self.cookie, token, maxAgeSeconds: Int(Self.lifeMinutes) * 60)
    }

    func answers(_ request: Request, in data: borrowing Snapshot) throws -> Answers? {
        guard let token = request.cookie(Self.cookie) else { return nil }
        return try SignUpStore.find(hash(token), in: data)
    }

    func choose(_ support: Support, _ request: Request, in change: borrowing Change) throws {
        try SignUpStore.setSupport(support, try known(request), in: change)
    }

    func locate(_ postcode: Postcode, _ request: Request, in change: borrowing Change) throws {
        try SignUpStore.setPostcode(postcode.text, try known(request), in: change)
    }

    /// Makes the person, once, files the request for the hat they chose (ruling 2) and sends the link.
    func register(
        _ new: Registration.NewPerson,
        _ request: Request,
        in change: borrowing Change
    ) throws {
        let answers = try answers(request, in: change.snapshot)
        if answers?.isDone == true { return }
        guard let support = answers?.support, let postcode = answers?.postcode else {
            throw NotThere()
        }
        let person = try Registration.register(new, with: identity.records, in: change)
        try Hats.request(support.hat, for: person, in: change)
        let place = SealPlace(table: "channels_joining", column: "postcode", row: person.rawValue)
        try SignUpStore.join(
            person,
            support,
            postcode: try identity.records.seal(postcode, of: person, at: place, in: change),
            in: change
        )
        try identity.verifications.begin(for: person, in: change)
        try SignUpStore.finish(try known(request), in: change)
    }

    private func known(_ request: Request) throws -> [UInt8] {
        guard let token = request.cookie(Self.cookie) else { throw NotThere() }
        return hash(token)
    }

    private func hash(_ token: String) -> [UInt8] {
        SHA256.hash(Array(token.utf8))
    }
}

/// Who may join: invitation codes, and the beginnings of the postcodes served (ruling 1).
package struct JoiningSettings: Sendable {
    package var codes: Set<String>
    package var areas: [String]
    package var ways: OtherWays

    package init(codes: Set<String>, areas: [String], ways: OtherWays = OtherWays()) {
        self.codes = codes
        self.areas = areas
        self.ways = ways
    }
}

/// How to join without the web (J2); only what is set is shown.
package struct OtherWays: Sendable {
    package var telephone: String?
    package var post: String?

    package init(telephone: String? = nil, post: String? = nil) {
        self.telephone = telephone
        self.post = post
    }
}
