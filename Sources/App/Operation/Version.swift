/// Which version this is. The number is kept here and nowhere else.
enum Version {
    static let text = "0.1.0"

    static let json = Array("{\"version\":\"\(text)\"}\n".utf8)
}
