internal import KubernetesTypes

/// Whether a scalar under `!!timestamp` is one.
///
/// ```
/// timestamp = year "-" month "-" day [ ("T" | "t") time zone | " " time ]
/// time      = hour ":" minute ":" second [ ("." | ",") digit+ ]
/// zone      = "Z" | ("+" | "-") digit digit ":" digit digit
/// ```
/// The year has four digits, all other numbers one or two.
enum YAMLTimestamp {
    static func isTimestamp(_ text: Text) -> Bool {
        var rest = Cursor(text: text)
        guard let year = rest.number(digits: 4...4), rest.skip("-"), let month = rest.number(digits: 1...2),
            rest.skip("-"), let day = rest.number(digits: 1...2), (1...12).contains(month),
            (1...days(in: month, of: year)).contains(day)
        else { return false }
        if rest.isAtEnd { return true }
        let hasZone = rest.skip("T") || rest.skip("t")
        guard hasZone || rest.skip(" "), isTime(&rest) else { return false }
        return (!hasZone || isZone(&rest)) && rest.isAtEnd
    }

    private static func isTime(_ rest: inout Cursor) -> Bool {
        guard let hour = rest.number(digits: 1...2), rest.skip(":"), let minute = rest.number(digits: 1...2),
            rest.skip(":"), let second = rest.number(digits: 1...2)
        else { return false }
        let mark = rest
        if rest.skip(".") || rest.skip(","), rest.skipDigits() == 0 { rest = mark }
        return hour < 24 && minute < 60 && second < 60
    }

    private static func isZone(_ rest: inout Cursor) -> Bool {
        if rest.skip("Z") { return true }
        guard rest.skip("+") || rest.skip("-"), let hours = rest.number(digits: 2...2), rest.skip(":"),
            let minutes = rest.number(digits: 2...2)
        else { return false }
        return hours <= 24 && minutes < 60
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private struct Cursor {
        var text: Text
        var offset = 0

        var isAtEnd: Bool { offset == text.count }

        mutating func skip(_ byte: Unicode.Scalar) -> Bool {
            guard text.byte(at: offset) == UInt8(ascii: byte) else { return false }
            offset += 1
            return true
        }

        mutating func digit() -> Int? {
            guard let byte = text.byte(at: offset), byte &- UInt8(ascii: "0") <= 9 else { return nil }
            offset += 1
            return Int(byte &- UInt8(ascii: "0"))
        }

        mutating func skipDigits() -> Int {
            var count = 0
            while digit() != nil { count += 1 }
            return count
        }

        mutating func number(digits range: ClosedRange<Int>) -> Int? {
            var value = 0
            for count in 0..<range.upperBound {
                guard let digit = digit() else { return count >= range.lowerBound ? value : nil }
                value = value * 10 + digit
            }
            return value
        }
    }
}
