import Basics
import CCurl
import Events

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
    /// Sends by SMTP with libcurl, which is opened for the first letter. Throws unless the server
    /// took the letter.
    package static func smtp(_ settings: SMTPSettings) -> MailSender {
        MailSender { letter, mayGoOn in
            let curl = try unsafe openLibrary()
            guard let handle = unsafe curl.pointee.start() else {
                throw MailRefused(reason: "libcurl did not start")
            }
            defer { unsafe curl.pointee.finish(handle) }
            let recipients = unsafe curl.pointee.append(nil, "<\(letter.to)>")
            defer { unsafe curl.pointee.forget(recipients) }
            var wire = Wire(bytes: letter.wire, mayGoOn: mayGoOn)
            unsafe kith_curl_set_text(curl, handle, CURLOPT_URL, settings.url)
            unsafe kith_curl_set_text(
                curl,
                handle,
                CURLOPT_MAIL_FROM,
                "<\(address(in: letter.from))>"
            )
            unsafe kith_curl_set_list(curl, handle, CURLOPT_MAIL_RCPT, recipients)
            unsafe kith_curl_set_number(curl, handle, CURLOPT_UPLOAD, 1)
            unsafe kith_curl_set_number(curl, handle, CURLOPT_NOSIGNAL, 1)
            unsafe kith_curl_set_number(curl, handle, CURLOPT_TIMEOUT, settings.timeoutSeconds)
            let security = settings.needsTLS ? CURLUSESSL_ALL : CURLUSESSL_TRY
            unsafe kith_curl_set_number(curl, handle, CURLOPT_USE_SSL, Int(security.rawValue))
            if let user = settings.user {
                unsafe kith_curl_set_text(curl, handle, CURLOPT_USERNAME, user)
            }
            if let password = settings.password {
                unsafe kith_curl_set_text(curl, handle, CURLOPT_PASSWORD, password)
            }
            unsafe kith_curl_set_reader(curl, handle, readWire)
            unsafe kith_curl_set_watcher(curl, handle, watchWire)
            unsafe kith_curl_set_number(curl, handle, CURLOPT_NOPROGRESS, 0)
            // So that goodbye too is said under the watcher's eyes: else nothing cuts its wait short.
            unsafe kith_curl_set_number(curl, handle, CURLOPT_FORBID_REUSE, 1)
            var detail = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
            let outcome = unsafe withUnsafeMutablePointer(to: &wire) { wire in
                unsafe detail.withUnsafeMutableBufferPointer { detail in
                    unsafe kith_curl_set_pointer(curl, handle, CURLOPT_READDATA, wire)
                    unsafe kith_curl_set_pointer(curl, handle, CURLOPT_XFERINFODATA, wire)
                    unsafe kith_curl_set_pointer(
                        curl,
                        handle,
                        CURLOPT_ERRORBUFFER,
                        detail.baseAddress
                    )
                    // Cleaning up could write there again.
                    defer { unsafe kith_curl_set_pointer(curl, handle, CURLOPT_ERRORBUFFER, nil) }
                    return unsafe curl.pointee.perform(handle)
                }
            }
            guard outcome != CURLE_ABORTED_BY_CALLBACK else { throw CutOff() }
            guard outcome == CURLE_OK else {
                throw MailRefused(
                    unsafe String(cString: curl.pointee.reason(outcome)),
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

/// Nil when the library is not on this machine. Unchecked: made once, and never changed.
private nonisolated(unsafe) let library: UnsafePointer<kith_curl>? = {
    let curl = UnsafeMutablePointer<kith_curl>.allocate(capacity: 1)
    unsafe curl.initialize(to: kith_curl())
    return unsafe kith_curl_open(curl) ? UnsafePointer(curl) : nil
}()

private func openLibrary() throws(MailRefused) -> UnsafePointer<kith_curl> {
    guard let library = unsafe library else {
        throw MailRefused(reason: "libcurl.so.4 is not installed")
    }
    return unsafe library
}

/// "Kith <kith@example.org>" is sent from kith@example.org.
private func address(in from: String) -> String {
    guard let open = from.lastIndex(of: "<"), let close = from.lastIndex(of: ">"), open < close
    else { return from }
    return String(from[from.index(after: open)..<close])
}
