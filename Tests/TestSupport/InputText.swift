package import KubernetesTypes

/// How tables of inputs write bytes in JSON: a string; `{"hex": …}` for what no editor would leave alone; or
/// `{"repeat": …, "times": …, "then": …}`, where the last may be missing, for what is long.
package enum InputText {
    package static func bytes(_ value: Value) -> [UInt8] {
        if let text = value.text { return Array(text.bytes) }
        if let hex = value["hex"]?.text {
            return stride(from: 0, to: hex.count - 1, by: 2).compactMap {
                UInt8(String(decoding: hex.bytes[$0..<$0 + 2], as: UTF8.self), radix: 16)
            }
        }
        guard let unit = value["repeat"], let times = value["times"]?.int else { return [] }
        let repeated = Array(repeatElement(bytes(unit), count: Int(times)).joined())
        return repeated + (value["then"].map(bytes) ?? [])
    }

    package static func bytes(ofJSON line: [UInt8]) throws -> [UInt8] {
        try ParsedJSON(line).read(bytes)
    }
}
