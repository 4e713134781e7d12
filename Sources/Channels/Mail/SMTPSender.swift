import Basics
import CCurl

/// Where email is handed over.
package struct SMTPSettings: Sendable {
    /// smtp://host:587 (with STARTTLS) or smtps://host:465.
    package var url: String
    package var user: String?
    package var password: String?
    /// False only for a mail server on this same machine.
    package var needsTLS: Bool
    package var timeoutSeconds: Int

    package init(
        url: String,
        user: String? = nil,
        password: String? = nil,
        needsTLS: Bool = true,
        timeoutSeconds: Int = 30
    ) {
        self.url = url
        self.user = user
        self.password = password
        self.needsTLS = needsTLS
        self.timeoutSeconds = timeoutSeconds
    }
}

extension MailSender {
    /// Sends by SMTP with libcurl. Throws unless the server took the letter.
    package static func smtp(_ settings: SMTPSettings) -> MailSender {
        MailSender { letter in
            guard let handle = unsafe curl_easy_init() else {
                throw MailRefused(reason: "libcurl did not start")
            }
            defer { unsafe curl_easy_cleanup(handle) }
            let recipients = unsafe curl_slist_append(nil, "<\(letter.to)>")
            defer { unsafe curl_slist_free_all(recipients) }
            var wire = Wire(bytes: letter.wire)
            unsafe kith_curl_set_text(handle, CURLOPT_URL, settings.url)
            unsafe kith_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(address(in: letter.from))>")
            unsafe kith_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
            unsafe kith_curl_set_number(handle, CURLOPT_UPLOAD, 1)
            unsafe kith_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
            unsafe kith_curl_set_number(handle, CURLOPT_TIMEOUT, settings.timeoutSeconds)
            let security = settings.needsTLS ? CURLUSESSL_ALL : CURLUSESSL_TRY
            unsafe kith_curl_set_number(handle, CURLOPT_USE_SSL, Int(security.rawValue))
            if let user = settings.user {
                unsafe kith_curl_set_text(handle, CURLOPT_USERNAME, user)
            }
            if let password = settings.password {
                unsafe kith_curl_set_text(handle, CURLOPT_PASSWORD, password)
            }
            unsafe kith_curl_set_reader(handle, readWire)
            var detail = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
            let outcome = unsafe withUnsafeMutablePointer(to: &wire) { wire in
                unsafe detail.withUnsafeMutableBufferPointer { detail in
                    unsafe kith_curl_set_pointer(handle, CURLOPT_READDATA, wire)
                    unsafe kith_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, detail.baseAddress)
                    // Cleaning up could write there again.
                    defer { unsafe kith_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil) }
                    return unsafe curl_easy_perform(handle)
                }
            }
            guard outcome == CURLE_OK else {
                throw MailRefused(
                    unsafe String(cString: curl_easy_strerror(outcome)),
                    String(
                        decoding: detail.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
                        as: UTF8.self
                    )
                )
            }
        }
    }
}

extension MailRefused {
    /// What kind of failure, and what libcurl says of this one: a server's name, a port, an
    /// answer's number. Should it ever name a mailbox, that is left out.
    init(_ kind: String, _ detail: String) {
        let words = detail.split(whereSeparator: \.isWhitespace).map { word in
            word.contains("@") ? "…" : String(word)
        }
        reason = ([kind] + (words.isEmpty ? [] : [words.joined(separator: " ")]))
            .joined(separator: ": ")
    }
}

private struct Wire {
    let bytes: [UInt8]
    var sent = 0
}

private func readWire(
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
    let wire = unsafe context.assumingMemoryBound(to: Wire.self)
    let start = unsafe wire.pointee.sent
    let length = unsafe min(size * count, wire.pointee.bytes.count - start)
    guard length > 0 else { return 0 }
    unsafe wire.pointee.bytes.withUnsafeBytes { bytes in
        unsafe UnsafeMutableRawPointer(buffer)
            .copyMemory(from: bytes.baseAddress.unsafelyUnwrapped + start, byteCount: length)
    }
    unsafe wire.pointee.sent += length
    return length
}

/// "Kith <kith@example.org>" is sent from kith@example.org.
private func address(in from: String) -> String {
    guard let open = from.lastIndex(of: "<"), let close = from.lastIndex(of: ">"), open < close
    else { return from }
    return String(from[from.index(after: open)..<close])
}
