/// Why a text is no quantity.
package enum QuantityError: Error, Equatable, Sendable {
    /// There is no text at all.
    case empty
    /// The text has more bytes than `Quantity.maximumLength`.
    case tooLong(bytes: Int)
    /// A byte that cannot be there where a number has to be: its offset, and the character found.
    case notANumber(at: Int, found: String)
    /// What follows the number is none of the suffixes.
    case unknownSuffix(String)
    /// The exponent has more digits than `Quantity.maximumExponentDigits`.
    case exponentTooLong(String)
    /// `e` or `E`, and then something other than an integer.
    case exponentNotInteger(String)
    /// More text after a number and its suffix or exponent.
    case trailing(String, at: Int)
    /// A JSON number with a fraction, or one too large to be exact.
    case notIntegral
}

extension QuantityError: CustomStringConvertible {
    /// What was found and what is allowed, in one line, to be put after the value itself.
    package var description: String {
        switch self {
        case .empty:
            return "is empty: \(Self.allowed)"
        case .tooLong(let bytes):
            return "is \(bytes) bytes long: a quantity has at most \(Quantity.maximumLength), for example \"40Gi\""
        case .notANumber(let offset, let found):
            return "found \"\(found)\" at offset \(offset), where a number is expected: \(Self.allowed)"
        case .unknownSuffix(let suffix):
            let hint = Self.suggestion(for: suffix).map { ", did you mean \($0)?" } ?? ""
            return "unknown suffix \"\(suffix)\"\(hint): \(Self.allowed)"
        case .exponentTooLong(let exponent):
            return "exponent \"\(exponent)\" is too long: it has at most \(Quantity.maximumExponentDigits) digits, "
                + "because Go clients hang on larger ones, for example \"12e6\""
        case .exponentNotInteger(let exponent):
            return "exponent \"\(exponent)\" is not an integer: a decimal exponent is \"e\" or \"E\" and then "
                + "an integer, for example \"12e6\""
        case .trailing(let rest, let offset):
            return "found \"\(rest)\" at offset \(offset), after the end of the quantity: \(Self.allowed)"
        case .notIntegral:
            return "is not a whole number that can be read exactly: write it as a string, for example \"1.5Gi\""
        }
    }

    private static let allowed =
        "a quantity is a number and one of the suffixes Ki, Mi, Gi, Ti, Pi, Ei, n, u, m, k, M, G, T, P, E, "
        + "or none, for example \"40Gi\""

    /// What people write instead of a suffix: the wrong case, or the unit "B" of bytes after it.
    private static func suggestion(for suffix: String) -> String? {
        var letters = suffix.lowercased()
        if letters.last == "b" { letters.removeLast() }
        guard letters.utf8.count <= 2, let first = letters.first, letters != "n", letters != "u" else {
            return letters.isEmpty ? "no suffix" : nil
        }
        guard "kmgtpe".contains(first), letters.utf8.count == 1 || letters.last == "i" else { return nil }
        let decimal = first == "k" ? "k" : first.uppercased()
        let binary = first.uppercased() + "i"
        return letters.utf8.count == 2 ? "\"\(binary)\"" : "\"\(decimal)\" or \"\(binary)\""
    }
}
