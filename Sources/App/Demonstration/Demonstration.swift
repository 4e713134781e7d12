import Basics

/// The demonstration community: a few people who do not exist, and some weeks of their history,
/// so that no page is empty. Never made outside `--demo`.
enum Demonstration {
    /// For each of the cast, on the sign-in page.
    static let password = "harbour-lamp-42"

    struct Member: Sendable {
        let username: String
        let preferred: String
        let family: String
        let role: String
    }

    static let cast = [
        Member(username: "ada", preferred: "Ada", family: "Whitaker", role: "gives support"),
        Member(username: "ben", preferred: "Ben", family: "Okafor", role: "gets support"),
        Member(username: "cora", preferred: "Cora", family: "Okafor", role: "arranges for Ben"),
        Member(username: "dot", preferred: "Dot", family: "Achterberg", role: "facilitates"),
        Member(username: "eve", preferred: "Eve", family: "Lindqvist", role: "administers"),
        Member(username: "cy", preferred: "Cy", family: "Marsh", role: "is a stranger"),
    ]

    static func printSignIns() {
        Output.line("Sign in as one of the cast, each with the password \(password)")
        for member in cast {
            Output.line("  \(member.username) (\(member.role))")
        }
    }
}
