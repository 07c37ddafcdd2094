/// Why a server could not start, or not go on; each case names the address it is about.
package enum ServerStartError: Error, Hashable, Sendable {
    /// Another process, or another listener of this one, has the port.
    case addressInUse(ListenAddress)
    /// Ports below 1024 need a privilege.
    case permissionDenied(ListenAddress)
    /// The address belongs to no interface of this machine.
    case addressNotAvailable(ListenAddress)
    /// The host is neither an IP address nor a name that resolves.
    case unknownHost(ListenAddress)
    /// Anything else, in the system's words.
    case failed(ListenAddress, reason: String)
    /// The system closed the listener of a running server.
    case listenerLost(ListenAddress)
    /// The server has been started before; a server runs once.
    case alreadyStarted
}

extension ServerStartError: CustomStringConvertible {
    /// One line that can stand alone.
    package var description: String {
        switch self {
        case .addressInUse(let address): "cannot listen on \(address): the port is in use"
        case .permissionDenied(let address): "cannot listen on \(address): permission denied; use a port from 1024 up"
        case .addressNotAvailable(let address): "cannot listen on \(address): this machine does not have that address"
        case .unknownHost(let address):
            "cannot listen on \(address): \"\(address.host)\" is neither an IP address nor a name that resolves"
        case .failed(let address, let reason): "cannot listen on \(address): \(reason)"
        case .listenerLost(let address): "the system closed the listener on \(address)"
        case .alreadyStarted: "the server has been started already"
        }
    }
}
