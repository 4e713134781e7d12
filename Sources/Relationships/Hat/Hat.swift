/// What a person does here. Nobody *is* one of these; hats are put on, several at once.
package enum Hat: String, Codable, Sendable, CaseIterable {
    case gettingSupport = "getting-support"
    case givingSupport = "giving-support"
    case arrangingSupport = "arranging-support"
    case facilitator
    case admin

    /// What anyone may ask for (HAT-01). Administering is given by those who already do, or by
    /// whoever runs the platform.
    package static let open: [Hat] = [
        .gettingSupport, .givingSupport, .arrangingSupport, .facilitator,
    ]
}
