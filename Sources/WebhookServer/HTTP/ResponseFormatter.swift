import NIOCore

/// Writes a whole response into one buffer: one TLS record and one system call for the usual answer.
struct ResponseFormatter {
    /// What a decided review begins with, made anew when the date changes.
    private var usualStart: [UInt8] = []
    private var date: [UInt8] = []
    private var second: Int64 = .min

    init() {
        setTime(CivilTime.now().seconds)
    }

    /// The date of the responses from now on, in seconds since 1970.
    mutating func setTime(_ second: Int64) {
        guard second != self.second else { return }
        self.second = second
        date = Array("\r\nDate: ".utf8)
        CivilTime(secondsSince1970: second).appendHTTPDate(to: &date)
        usualStart =
            Array("HTTP/1.1 200 OK".utf8) + date
            + Array("\r\nContent-Type: application/json\r\nContent-Length: ".utf8)
    }

    /// `isLast`: the connection is closed after the response. `omitsBody`: the request was a HEAD.
    func write(_ response: borrowing Response, isLast: Bool, omitsBody: Bool, into buffer: inout ByteBuffer) {
        if response.status == 200, case .json = response.contentType, !isLast, !omitsBody {
            writeUsual(response.body, into: &buffer)
            return
        }
        writeStart(response, into: &buffer)
        buffer.writeStaticString("\r\nContent-Length: ")
        Self.write(response.body.count, into: &buffer)
        if isLast { buffer.writeStaticString("\r\nConnection: close") }
        buffer.writeStaticString("\r\n\r\n")
        if !omitsBody { buffer.writeBytes(response.body) }
    }

    /// A decided review, in one go.
    private func writeUsual(_ body: [UInt8], into buffer: inout ByteBuffer) {
        let most = usualStart.count + Self.maxDigits + 4 + body.count
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: most) { space in
            var end = Self.copy(usualStart, to: space, at: 0)
            end = Self.write(body.count, to: space, at: end)
            for byte: UInt8 in [0x0D, 0x0A, 0x0D, 0x0A] {
                space[end] = byte
                end += 1
            }
            return Self.copy(body, to: space, at: end)
        }
    }

    private static let maxDigits = 19

    /// Returns where the copy ends.
    private static func copy(_ bytes: [UInt8], to space: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
        UnsafeMutableRawBufferPointer(rebasing: space[start..<(start + bytes.count)]).copyBytes(from: bytes)
        return start + bytes.count
    }

    private static func write(_ number: Int, to space: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        var index = start
        while divisor > 0 {
            space[index] = UInt8(truncatingIfNeeded: 0x30 + number / divisor % 10)
            divisor /= 10
            index += 1
        }
        return index
    }

    private func writeStart(_ response: borrowing Response, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("HTTP/1.1 ")
        Self.write(response.status, into: &buffer)
        buffer.writeStaticString(" ")
        buffer.writeStaticString(Self.reason(response.status))
        buffer.writeBytes(date)
        switch response.contentType {
        case .json: buffer.writeStaticString("\r\nContent-Type: application/json")
        case .text: buffer.writeStaticString("\r\nContent-Type: text/plain; charset=utf-8")
        case .metrics: buffer.writeStaticString("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8")
        }
        if let allow = response.allow {
            buffer.writeStaticString("\r\nAllow: ")
            buffer.writeString(allow)
        }
        if let seconds = response.retryAfterSeconds {
            buffer.writeStaticString("\r\nRetry-After: ")
            Self.write(seconds, into: &buffer)
        }
    }

    /// Decimal digits without a String.
    private static func write(_ number: Int, into buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: maxDigits) { write(number, to: $0, at: 0) }
    }

    private static func reason(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
