import Basics
import HTTPServer
import Web

/// How settings are written, and what is wrong in them, told with the file and the setting.
extension CommunitySettings {
    /// Throws one line that names all that is wrong.
    init(_ bytes: [UInt8], from file: String) throws(Unusable) {
        let object: JSON
        do throws(JSONReader.Malformed) {
            object = try JSONReader.read(bytes)
        } catch {
            throw Unusable(
                "\(file) cannot be read as settings: \(Self.place(of: error.offset, in: bytes)): "
                    + (error.isRepeated
                        ? "this name stands there already"
                        : "this is no JSON; often a comma or a quote is missing or too many")
            )
        }
        var reader = SettingsReader(object)
        self.init(&reader)
        reader.finish()
        guard reader.problems.isEmpty else {
            throw Unusable("\(file): \(reader.problems.joined(separator: "; "))")
        }
    }

    private init(_ reader: inout SettingsReader) {
        self.init()
        name = reader.text("name")
        zone = reader.text("zone", "a time zone that is known here, as Europe/London") {
            CivilZone(named: $0) != nil
        }
        address = reader.text(
            "address",
            "where people reach it, as https://kith.example.org, without a slash at the end",
            where: Self.isAddress
        )
        invitationCodes = reader.texts("invitationCodes", "a list of texts, as [\"…\"]")
        areas = reader.texts("areas", "a list of texts, as [\"HX\"]")
        source = reader.text("source", "an address, as https://git.example.org/kith") {
            $0.hasPrefix("https://") || $0.hasPrefix("http://")
        }
        mail = reader.section("mail") { Mail(&$0) }
        contact = reader.section("contact") { contact in
            Contact(telephone: contact.text("telephone"), post: contact.text("post"))
        }
        trustedProxies = reader.texts(
            "trustedProxies",
            "a list of addresses, or of ranges as \"10.0.0.0/8\""
        ) { AddressRange($0) != nil }
        tls = reader.sections("tls") { tls in
            let certificate = tls.needed("certificate", "a file")
            let key = tls.needed("key", "a file")
            guard let certificate, let key else { return nil }
            return Certificate(certificate: certificate, key: key)
        }
        shipping = reader.section("shipping") { Shipping(&$0) }
        limits = reader.section("limits") { Limits(&$0) }
    }

    private static func isAddress(_ text: String) -> Bool {
        let scheme = ["https://", "http://"].first { text.hasPrefix($0) }
        guard let scheme else { return false }
        let rest = text.dropFirst(scheme.count)
        return !rest.isEmpty && !rest.contains { $0 == "/" || $0.isWhitespace }
    }

    /// As an editor counts: "line 3, column 5".
    private static func place(of offset: Int, in bytes: [UInt8]) -> String {
        let before = bytes.prefix(offset)
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = String(decoding: before[start...], as: UTF8.self).count + 1
        return "line \(line), column \(column)"
    }
}

extension CommunitySettings.Mail {
    fileprivate init(_ reader: inout SettingsReader) {
        self.init()
        folder = reader.text("folder")
        smtp = reader.text("smtp", "a mail server, as smtp://mail.example.org:587") {
            $0.hasPrefix("smtp://") || $0.hasPrefix("smtps://")
        }
        user = reader.text("user")
        passwordFile = reader.text("passwordFile", "a file that holds the password")
        needsTLS = reader.truth("needsTLS")
        from = reader.text("from", "an email address, as Kith <kith@example.org>") {
            $0.contains("@")
        }
    }
}

extension CommunitySettings.Shipping {
    fileprivate init(_ reader: inout SettingsReader) {
        self.init()
        folder = reader.text("folder")
        command = reader.text("command")
        keepDays = reader.whole("keepDays", in: 1...36_500)
        baseHours = reader.whole("baseHours", in: 1...36_500)
    }
}
