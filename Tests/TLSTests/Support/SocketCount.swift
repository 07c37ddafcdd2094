import Glibc
import TestSupport

/// How many descriptors of this process are IPv4 sockets with this port at either end. Other tests run at the same time, so
/// that a count of all descriptors would say nothing.
func socketCount(port: Int) -> Int {
    (0..<min(getdtablesize(), mostDescriptors)).count { descriptor in
        portOf(descriptor, getsockname) == port || portOf(descriptor, getpeername) == port
    }
}

/// The port of an IPv4 socket's end, or nothing.
private func portOf(
    _ descriptor: Int32,
    _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
) -> Int? {
    // As bytes, since the members of sockaddr_in belong to a module of SwiftNIO in some builds: family, then port.
    var address = [UInt8](repeating: 0, count: 128)
    var length = socklen_t(address.count)
    let isNamed = address.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { return false }
        return name(descriptor, start.assumingMemoryBound(to: sockaddr.self), &length) == 0
    }
    guard isNamed else { return nil }
    let family = address.withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) }
    return Int32(family) == AF_INET ? Int(address[2]) << 8 | Int(address[3]) : nil
}
