import Glibc

/// How many descriptors of this process are IPv4 sockets with this local port. Other tests run at the same time, so
/// that a count of all descriptors would say nothing.
func socketCount(localPort: Int) -> Int {
    (0..<min(getdtablesize(), 4_096)).count { descriptor in
        // As bytes, since the members of sockaddr_in belong to a module of SwiftNIO in some builds: family, then port.
        var address = [UInt8](repeating: 0, count: 128)
        var length = socklen_t(address.count)
        let isNamed = address.withUnsafeMutableBytes { bytes in
            getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length) == 0
        }
        guard isNamed else { return false }
        let family = address.withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) }
        return Int32(family) == AF_INET && Int(address[2]) << 8 | Int(address[3]) == localPort
    }
}
