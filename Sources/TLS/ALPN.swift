internal import COpenSSL

/// Application-Layer Protocol Negotiation (RFC 7301). The one protocol spoken here is HTTP/1.1.
enum ALPN {
    private static let http11: StaticString = "http/1.1"

    /// Picks `http/1.1` if the client offers it.
    ///
    /// A client that does not use ALPN at all never gets here and goes on without. One that uses it and does not offer
    /// HTTP/1.1, such as a client of HTTP/2 alone, is refused with the alert `no_application_protocol`, as section 3.2
    /// demands: going on would only let it send an HTTP/2 preface to an HTTP/1.1 parser, and hide the reason from it.
    static func select(
        from offer: UnsafeRawBufferPointer, _ selected: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
        _ selectedCount: UnsafeMutablePointer<UInt8>?
    ) -> Int32 {
        let wanted = UnsafeRawBufferPointer(start: http11.utf8Start, count: http11.utf8CodeUnitCount)
        // A sequence of names, each after its length in one byte.
        var position = 0
        while position < offer.count {
            let start = position + 1
            let end = start + Int(offer[position])
            guard end <= offer.count else { break }
            if offer[start..<end].elementsEqual(wanted) {
                selected?.pointee = http11.utf8Start
                selectedCount?.pointee = UInt8(clamping: wanted.count)
                return SSL_TLSEXT_ERR_OK
            }
            position = end
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }

    /// The offer of a client: `http/1.1` alone.
    static var offer: [UInt8] {
        [UInt8(http11.utf8CodeUnitCount)]
            + UnsafeRawBufferPointer(start: http11.utf8Start, count: http11.utf8CodeUnitCount)
    }
}
