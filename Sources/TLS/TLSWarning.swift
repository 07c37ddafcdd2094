/// A certificate that is used but will not be accepted by peers, or not for much longer.
package enum TLSWarning: Equatable, Sendable, CustomStringConvertible {
    /// Its validity has ended, at this time in seconds since 1970.
    case expired(file: String, subject: String, notAfter: Int64)
    /// Its validity has not begun, and begins at this time in seconds since 1970.
    case notYetValid(file: String, subject: String, notBefore: Int64)

    package var description: String {
        switch self {
        case .expired(let file, let subject, let notAfter):
            "\(file): the certificate \"\(subject)\" has expired (\(notAfter) seconds since 1970)"
        case .notYetValid(let file, let subject, let notBefore):
            "\(file): the certificate \"\(subject)\" is not valid yet (\(notBefore) seconds since 1970)"
        }
    }

    static func about(_ certificates: [Certificate], of file: String, now: Int64) -> [TLSWarning] {
        certificates.map(\.facts).compactMap { facts in
            if facts.notAfter < now {
                return .expired(file: file, subject: facts.subject, notAfter: facts.notAfter)
            }
            if facts.notBefore > now {
                return .notYetValid(file: file, subject: facts.subject, notBefore: facts.notBefore)
            }
            return nil
        }
    }
}
