import Glibc

/// Standard output and error, as a terminal or a pipe.
enum Terminal {
    /// Whether output may be coloured: on a terminal that has not said otherwise (https://no-color.org).
    static var isColoured: Bool {
        guard isatty(STDOUT_FILENO) == 1 else { return false }
        if let value = getenv("NO_COLOR"), value.pointee != 0 { return false }
        return getenv("TERM").map { String(cString: $0) } != "dumb"
    }

    /// Whether progress may be shown on standard error.
    static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line to standard output.
    static func print(_ text: String) {
        write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
    }

    static func print(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// Writes a line to standard error, with the program's name.
    static func complain(_ text: String) {
        // ArgumentParser's messages start with "Error: ".
        let message = text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
        write("unikorn-region-webhook: \(message)\n", to: STDERR_FILENO)
    }

    /// Replaces the present line of a terminal.
    static func progress(_ text: String) { write("\r\u{1B}[K" + text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) { write([UInt8](text.utf8), to: descriptor) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var offset = 0
        bytes.withUnsafeBytes { buffer in
            while offset < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                if count < 0 {
                    if errno == EINTR { continue }
                    // Nobody reads any more: `… | head`.
                    return
                }
                offset += count
            }
        }
    }
}
