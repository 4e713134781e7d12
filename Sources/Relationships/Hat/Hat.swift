/// What a person does here. Nobody *is* one of these; hats are put on, several at once.
package enum Hat: String, Sendable, CaseIterable {
    case gettingSupport = "getting-support"
    case givingSupport = "giving-support"
    case arrangingSupport = "arranging-support"
    case facilitator
    case admin
}
