internal import KubernetesTypes

/// The value of a YAML scalar, as the reader of kubectl and the API server (go-yaml 2, behind sigs.k8s.io/yaml) takes it.
///
/// That is YAML 1.1's idea of a plain scalar with deviations of its own: `y` and `on` are booleans, `010` is 8 and `0o10`
/// too, base 60 does not exist, a float that overflows is a string, and so is a timestamp.
enum YAMLScalar: Equatable {
    case string
    case null
    case bool(Bool)
    case int(Int64)
    /// Above Int64's range.
    case unsigned(UInt64)
    case double(Double)

    /// Resolves a plain scalar without a tag.
    @inline(__always)
    static func plain(_ text: Text) -> YAMLScalar {
        guard let first = text.byte(at: 0) else { return .null }
        switch first {
        case UInt8(ascii: "a")...UInt8(ascii: "e"), UInt8(ascii: "g")...UInt8(ascii: "m"),
            UInt8(ascii: "p")...UInt8(ascii: "s"), UInt8(ascii: "u")...UInt8(ascii: "x"):
            return .string
        default: return special(text, first)
        }
    }

    private static func special(_ text: Text, _ first: UInt8) -> YAMLScalar {
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): YAMLNumber.resolve(text)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): word(text) ?? YAMLNumber.resolve(text)
        case UInt8(ascii: "."): word(text) ?? YAMLNumber.resolveFraction(text)
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
            UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"),
            UInt8(ascii: "~"):
            word(text) ?? .string
        default: .string
        }
    }

    /// The words that stand for a value; nothing else about them is case-insensitive.
    private static func word(_ text: Text) -> YAMLScalar? {
        switch text.count {
        case 1:
            if text == "y" || text == "Y" { return .bool(true) }
            if text == "n" || text == "N" { return .bool(false) }
            if text == "~" { return .null }
        case 2:
            if text == "on" || text == "On" || text == "ON" { return .bool(true) }
            if text == "no" || text == "No" || text == "NO" { return .bool(false) }
        case 3:
            if text == "yes" || text == "Yes" || text == "YES" { return .bool(true) }
            if text == "off" || text == "Off" || text == "OFF" { return .bool(false) }
        case 4:
            if text == "true" || text == "True" || text == "TRUE" { return .bool(true) }
            if text == "null" || text == "Null" || text == "NULL" { return .null }
            if text == ".nan" || text == ".NaN" || text == ".NAN" { return .double(.nan) }
            if text == ".inf" || text == ".Inf" || text == ".INF" { return .double(.infinity) }
        case 5:
            if text == "false" || text == "False" || text == "FALSE" { return .bool(false) }
            if text == "+.inf" || text == "+.Inf" || text == "+.INF" { return .double(.infinity) }
            if text == "-.inf" || text == "-.Inf" || text == "-.INF" { return .double(-.infinity) }
        default: break
        }
        return nil
    }

    /// Its name in messages.
    var name: String {
        switch self {
        case .string: "a string"
        case .null: "null"
        case .bool: "a boolean"
        case .int, .unsigned: "an integer"
        case .double: "a float"
        }
    }
}
