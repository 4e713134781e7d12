/// Where an address begins whose segment at this place is “.” or “..”; nil when it is another, or is
/// not whole yet.
func startOfAddress(_ written: UnsafeBufferPointer<UInt8>, steppingAt place: Int) -> Int? {
    guard let quote = unsafe openingQuote(written, before: place) else { return nil }
    let before = unsafe written[quote + 1..<place]
    // Behind these it is no path any more.
    guard unsafe !before.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") })
    else { return nil }
    let end = unsafe written[place...].firstIndex {
        unsafe $0 == written[quote] || "/\\?#&".utf8.contains($0)
    }
    guard let end else { return nil }
    // An entity is not looked up: it may be a slash, or a dot.
    let slash = unsafe before.lastIndex { "/\\;".utf8.contains($0) }
    let segment = unsafe written[(slash ?? quote) + 1..<end].filter { $0 > 0x20 }
    let dots = String(decoding: segment, as: UTF8.self).lowercased().replacing("%2e", with: ".")
    return dots == "." || dots == ".." ? unsafe before.firstIndex { $0 > 0x20 } : nil
}

/// No value holds one, but a quotation mark of the other kind may stand in an address: the one
/// that opens it stands behind a “=”.
private func openingQuote(_ written: UnsafeBufferPointer<UInt8>, before place: Int) -> Int? {
    var at = place
    while let quote = unsafe written[..<at].lastIndex(where: { $0 == 0x22 || $0 == 0x27 }) {
        if unsafe written[..<quote].last(where: { !isHTMLSpace($0) }) == UInt8(ascii: "=") {
            return quote
        }
        at = quote
    }
    return nil
}
