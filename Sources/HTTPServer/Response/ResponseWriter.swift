import Glibc

/// Turns an answer into bytes. One for each loop, which keeps the Date line of the second.
final class ResponseWriter {
    private var second: Int = 0
    private var dateLine: [UInt8] = []
    private lazy var press = GzipPress(level: 1)

    struct Written {
        /// The length of the body as sent.
        let count: Int
        /// A body so long that it is better sent from where it lies than copied.
        var beside: ArraySlice<UInt8>?
    }

    /// What is shorter is not compressed.
    private static let worthwhileBytes = 1024
    /// As long as what fits into a few packets.
    private static let shortBytes = 4096

    /// Appends the answer, but for a long body.
    func write(
        _ response: HTTPResponse,
        to current: Connection.Current,
        into output: inout [UInt8]
    ) -> Written {
        var response = response
        var body = response.body
        if response.isCompressible, response.body.count > Self.worthwhileBytes {
            response.headers.add("Vary", "Accept-Encoding")
            if AcceptedCodings(current.headers["accept-encoding"]).prefersGzip,
                let squeezed = press?.compress(response.body.all)
            {
                response.headers.add("Content-Encoding", "gzip")
                body = .bytes(squeezed)
            }
        }
        let hasNoBody = response.status == 204 || response.status == 304
        let count = body.count
        let isStream = if case .stream = body { true } else { false }
        output += Self.statusLine(response.status)
        appendDate(to: &output)
        output += response.headers.bytes
        output.append(addingCapacity: 100) { line in
            if isStream {
                if !current.isOld { line.put("Transfer-Encoding: chunked\r\n") }
            } else if !hasNoBody {
                line.put("Content-Length: ")
                line.put(decimal: count)
                line.put("\r\n")
            }
            if !current.keepsAlive || current.isOld && isStream {
                line.put("Connection: close\r\n")
            } else if current.isOld {
                // Who speaks HTTP/1.0 takes silence about it for the end (RFC 9112, 9.3).
                line.put("Connection: keep-alive\r\n")
            }
            line.put("\r\n")
        }
        guard !hasNoBody, current.method != .head else { return Written(count: 0) }
        switch body {
        case .none, .stream: break
        case .bytes(let bytes) where count > Self.shortBytes:
            return Written(count: count, beside: bytes[...])
        case .slice(let bytes) where count > Self.shortBytes:
            return Written(count: count, beside: bytes)
        case .bytes(let bytes): output += bytes
        case .slice(let bytes): output += bytes
        }
        return Written(count: count)
    }

    /// An answer to something that was no request. The connection closes after it.
    func bare(
        _ status: Int,
        retryAfterSeconds: Int?,
        _ answer: BareAnswer,
        hasBody: Bool = true
    ) -> [UInt8] {
        var output = Array(Self.statusLine(status))
        appendDate(to: &output)
        output += "Content-Type: \(answer.contentType)\r\n".utf8
        output.append(addingCapacity: 400) { head in
            head.put("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n")
            head.put("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n")
            if let retryAfterSeconds {
                head.put("Retry-After: ")
                head.put(decimal: retryAfterSeconds)
                head.put("\r\n")
            }
            head.put("Content-Length: ")
            head.put(decimal: answer.bytes.count)
            head.put("\r\nConnection: close\r\n\r\n")
        }
        return hasBody ? output + answer.bytes : output
    }

    private static func statusLine(_ status: Int) -> [UInt8] {
        switch status {
        case 200: ok
        case 303: seeOther
        case 304: notModified
        default: Array("HTTP/1.1 \(status) \(HTTPStatus.reason(status))\r\n".utf8)
        }
    }

    private static let ok = Array("HTTP/1.1 200 OK\r\n".utf8)
    private static let seeOther = Array("HTTP/1.1 303 See Other\r\n".utf8)
    private static let notModified = Array("HTTP/1.1 304 Not Modified\r\n".utf8)

    private func appendDate(to output: inout [UInt8]) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
        if time.tv_sec != second {
            second = time.tv_sec
            dateLine = Array("Date: \(HTTPDate.text(second))\r\n".utf8)
        }
        output += dateLine
    }
}

extension ResponseBody {
    var all: [UInt8] {
        switch self {
        case .none, .stream: []
        case .bytes(let bytes): bytes
        case .slice(let bytes): Array(bytes)
        }
    }
}

/// Dates as HTTP writes them (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Of seconds since 1970.
    static func text(_ seconds: Int) -> String {
        var seconds = seconds
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        let weekday = weekdays[seconds / 86_400 % 7]
        let clock = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec]
            .map(two).joined(separator: ":")
        let day = unsafe two(parts.tm_mday)
        let month = unsafe months[Int(parts.tm_mon)]
        let year = unsafe parts.tm_year + 1900
        return "\(weekday), \(day) \(month) \(year) \(clock) GMT"
    }

    private static func two(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
