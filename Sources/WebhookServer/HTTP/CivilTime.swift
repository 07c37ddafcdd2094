import Glibc

/// A UTC date and time of day, without Foundation.
struct CivilTime {
    private var fields = tm()

    init(secondsSince1970: Int64) {
        var seconds = time_t(secondsSince1970)
        gmtime_r(&seconds, &fields)
    }

    /// Now, in seconds and nanoseconds since 1970.
    static func now() -> (seconds: Int64, nanoseconds: Int) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return (Int64(time.tv_sec), time.tv_nsec)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
    func appendHTTPDate(to bytes: inout [UInt8]) {
        let weekdays: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months: [StaticString] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        weekdays[Int(fields.tm_wday) % 7].withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: [0x2C, 0x20])
        Self.append(Int(fields.tm_mday), digits: 2, to: &bytes)
        bytes.append(0x20)
        months[Int(fields.tm_mon) % 12].withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(0x20)
        Self.append(Int(fields.tm_year) + 1_900, digits: 4, to: &bytes)
        bytes.append(0x20)
        appendTime(to: &bytes)
        bytes.append(contentsOf: " GMT".utf8)
    }

    /// `1994-11-06T08:49:37.120Z` (RFC 3339).
    func appendRFC3339(milliseconds: Int, to bytes: inout [UInt8]) {
        Self.append(Int(fields.tm_year) + 1_900, digits: 4, to: &bytes)
        bytes.append(0x2D)
        Self.append(Int(fields.tm_mon) + 1, digits: 2, to: &bytes)
        bytes.append(0x2D)
        Self.append(Int(fields.tm_mday), digits: 2, to: &bytes)
        bytes.append(0x54)
        appendTime(to: &bytes)
        bytes.append(0x2E)
        Self.append(milliseconds, digits: 3, to: &bytes)
        bytes.append(0x5A)
    }

    private func appendTime(to bytes: inout [UInt8]) {
        Self.append(Int(fields.tm_hour), digits: 2, to: &bytes)
        bytes.append(0x3A)
        Self.append(Int(fields.tm_min), digits: 2, to: &bytes)
        bytes.append(0x3A)
        Self.append(Int(fields.tm_sec), digits: 2, to: &bytes)
    }

    private static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(truncatingIfNeeded: 0x30 + number / divisor % 10))
            divisor /= 10
        }
    }
}
