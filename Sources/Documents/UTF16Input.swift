/// UTF-16, which YAML allows and some editors and shells on Windows write, made into UTF-8.
enum UTF16Input {
    enum ByteOrder { case bigEndian, littleEndian }

    /// The byte order that the input's mark tells; nil where it has none, and is UTF-8.
    static func byteOrder(of input: UnsafeRawBufferPointer) -> ByteOrder? {
        guard input.count >= 2 else { return nil }
        switch (input[0], input[1]) {
        case (0xFE, 0xFF): return .bigEndian
        case (0xFF, 0xFE): return .littleEndian
        default: return nil
        }
    }

    /// The input as UTF-8, without its mark, and whether an error ends it early.
    static func transcoded(_ input: UnsafeRawBufferPointer, _ order: ByteOrder) -> (bytes: [UInt8], isBroken: Bool) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(input.count)
        let units = stride(from: 2, to: input.count - 1, by: 2).lazy.map { offset in
            let (first, second) = (UInt16(input[offset]), UInt16(input[offset + 1]))
            return order == .bigEndian ? first << 8 | second : second << 8 | first
        }
        let isBroken = transcode(
            units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: true, into: { bytes.append($0) })
        return (bytes, isBroken || input.count % 2 != 0)
    }
}
