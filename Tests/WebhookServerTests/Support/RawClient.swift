import Foundation
import Glibc
import NIOCore
import TLS

/// A blocking client, over TCP or TLS, that sends exactly the bytes it is given. Use it from `onThread`, and from one
/// thread at a time.
final class RawClient: @unchecked Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    struct Response {
        var status: Int
        /// Names in lowercase.
        var headers: [String: String]
        var body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let descriptor: Int32
    private var received: [UInt8] = []
    private var tls: TLSConnection?

    /// With a context, the TLS handshake is done too.
    init(port: Int, timeout: Double = 5, receiveBuffer: Int32? = nil, context: TLSClientContext? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(description: "socket: \(errno)") }
        var time = timeval(tv_sec: Int(timeout), tv_usec: Int((timeout - timeout.rounded(.down)) * 1e6))
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw Failure(description: "connect: \(String(cString: strerror(code)))")
        }
        if let context { try handshake(context) }
    }

    /// For a client that was made without a context.
    func handshake(_ context: TLSClientContext) throws {
        let connection = try TLSConnection(context, serverName: "127.0.0.1")
        var step = connection.handshake()
        while true {
            try sendRaw(Array(connection.takeOutput().readableBytesView))
            switch step {
            case .complete:
                tls = connection
                return
            case .failed(let error): throw error
            case .incomplete: break
            }
            let part = try receiveRaw()
            guard !part.isEmpty else { throw Failure(description: "end of stream in the handshake") }
            connection.receive(ByteBuffer(bytes: part))
            step = connection.handshake()
        }
    }

    deinit {
        Glibc.close(descriptor)
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        guard let tls else {
            try sendRaw(bytes)
            return
        }
        if case .failed(let error) = tls.write(ByteBuffer(bytes: bytes)) { throw error }
        try sendRaw(Array(tls.takeOutput().readableBytesView))
    }

    private func sendRaw(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: \(String(cString: strerror(errno)))") }
            sent += count
        }
    }

    /// Sends one byte after the other, each soon after the one before it, until the server has something to say or has closed;
    /// false if it has not by the end.
    func trickle(_ bytes: [UInt8]) throws -> Bool {
        for byte in bytes {
            try send([byte])
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&wanted, 1, Self.pause) > 0 { return true }
        }
        return false
    }

    /// Between two bytes, in milliseconds.
    private static let pause: Int32 = 20

    /// Ends this direction.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Receives more; false at the end of the stream.
    private func receive() throws -> Bool {
        while true {
            let part = try receiveRaw()
            guard let tls, !part.isEmpty else {
                received += part
                return !part.isEmpty
            }
            tls.receive(ByteBuffer(bytes: part))
            var plaintext = ByteBuffer()
            let step = tls.read(into: &plaintext)
            received.append(contentsOf: plaintext.readableBytesView)
            switch step {
            case .complete: return plaintext.readableBytes > 0
            case .failed(let error): throw error
            case .incomplete: if plaintext.readableBytes > 0 { return true }
            }
        }
    }

    private func receiveRaw() throws -> [UInt8] {
        var part = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &part, part.count, 0)
        guard count >= 0 else { throw Failure(description: "recv: \(String(cString: strerror(errno)))") }
        return Array(part[..<count])
    }

    /// The next response, which must have a Content-Length unless it is a 100.
    func response(hasBody: Bool = true) throws -> Response {
        var end: Int?
        while true {
            end = received.firstRange(of: Array("\r\n\r\n".utf8))?.lowerBound
            if end != nil { break }
            guard try receive() else {
                throw Failure(description: "end of stream after \(received.count) bytes instead of a response")
            }
        }
        let head = String(decoding: received[..<(end ?? 0)], as: UTF8.self)
        received.removeFirst((end ?? 0) + 4)
        let lines = head.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Failure(description: "not a status line: \(lines[0])")
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw Failure(description: "not a header: \(line)") }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        var body: [UInt8] = []
        if hasBody, status != 100 {
            guard let length = headers["content-length"].flatMap(Int.init) else {
                throw Failure(description: "no Content-Length: \(head)")
            }
            while received.count < length {
                guard try receive() else { throw Failure(description: "end of stream in a body") }
            }
            body = Array(received.prefix(length))
            received.removeFirst(length)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// What arrives until the server ends the stream. A reset counts as an end, a timeout does not.
    func untilClosed() throws -> [UInt8] {
        while true {
            do {
                guard try receive() else { return received }
            } catch {
                if errno == ECONNRESET { return received }
                throw error
            }
        }
    }
}

/// Runs blocking code on a thread of its own, since the pool of Swift's tasks has one per core.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
