import Glibc

/// Standard output and error, as a terminal or a pipe.
enum Terminal {
    /// Whether output may be coloured: on a terminal that has not said otherwise (https://no-color.org).
    static var isColoured: Bool {
        guard isatty(STDOUT_FILENO) == 1 else { return false }
        if let value = getenv("NO_COLOR"), value.pointee != 0 { return false }
        guard let terminal = getenv("TERM") else { return false }
        return String(cString: terminal) != "dumb"
    }

    /// Whether progress may be shown on standard error.
    static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line to standard output.
    ///
    /// - Throws: `OutputFailure`, unless it is that nobody reads any more.
    static func print(_ text: String) throws(OutputFailure) {
        try print([UInt8]((text.hasSuffix("\n") ? text : text + "\n").utf8))
    }

    static func print(_ bytes: [UInt8]) throws(OutputFailure) {
        let code = write(bytes, to: STDOUT_FILENO)
        if code != 0, code != EPIPE { throw OutputFailure(reason: String(cString: strerror(code))) }
    }

    /// Writes a line to standard error, with the program's name.
    static func complain(_ text: String) {
        // ArgumentParser's messages start with "Error: ".
        let message = text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
        write([UInt8]("unikorn-region-webhook: \(message)\n".utf8), to: STDERR_FILENO)
    }

    /// Replaces the present line of a terminal.
    static func progress(_ text: String) { write([UInt8](("\r\u{1B}[K" + text).utf8), to: STDERR_FILENO) }

    /// - Returns: the `errno` that ended it, or 0.
    @discardableResult
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var offset = 0
        return bytes.withUnsafeBytes { buffer in
            while offset < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                if count >= 0 {
                    offset += count
                } else if errno == EAGAIN {
                    // A pipe that its other end made non-blocking, as some runners do.
                    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&wanted, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}
