/// Something to be said to a person, not yet in any language: a key of `Config/locales` and what
/// fills its gaps. It is put into words only when a page or a message is drawn.
package struct Phrase: Hashable, Sendable {
    package let key: String
    package let arguments: [String: Argument]

    package init(_ key: String, _ arguments: [String: Argument] = [:]) {
        self.key = key
        self.arguments = arguments
    }

    package indirect enum Argument: Hashable, Sendable {
        case text(String)
        /// Also chooses the plural form, when the key has several.
        case number(Int)
        case money(Money)
        case minutes(Minutes)
        /// A date: "Thursday 19 November".
        case day(CivilDay)
        /// A time of day: "9:00".
        case time(CivilTime)
        case phrase(Phrase)
    }
}
