@testable import HTTPServer

/// Cookies: never more than a browser has, nothing that could end one, and set again they read
/// the same.
enum CookiesTarget {
    static func check(_ bytes: [UInt8]) throws {
        let cookies = Cookies(String(decoding: bytes, as: UTF8.self))
        try hold(cookies.pairs.count <= 200, "as many as a browser keeps")
        for (name, value) in cookies.pairs {
            try hold(!name.isEmpty && name.utf8.allSatisfy(isTokenByte), "the name is a token")
            let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x3B }
            try hold(isPlain, "the value is plain")
            try hold(cookies[name] != nil, "every name is found")
        }
        let again = Cookies(
            cookies.pairs.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: "; ")
        )
        try same(again.pairs.map(\.name), cookies.pairs.map(\.name), "the names again")
        try same(again.pairs.map(\.value), cookies.pairs.map(\.value), "the values again")
    }
}
