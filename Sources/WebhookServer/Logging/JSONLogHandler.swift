package import Logging

/// One JSON object a line: `ts` (RFC 3339, UTC, milliseconds), `level`, `msg`, then the metadata by name.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let sink: LogSink

    package init(level: Logger.Level, sink: LogSink = .standardError) {
        self.logLevel = level
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let now = CivilTime.now()
        var line: [UInt8] = []
        line.reserveCapacity(256)
        line.append(contentsOf: #"{"ts":""#.utf8)
        CivilTime(secondsSince1970: now.seconds).appendRFC3339(milliseconds: now.nanoseconds / 1_000_000, to: &line)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: event.level.rawValue.utf8)
        line.append(contentsOf: #"","msg":"#.utf8)
        JSONText.append(event.message.description, to: &line)

        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        if let error = event.error { fields["error"] = "\(error)" }
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            line.append(0x2C)
            // A field must not hide one that every line has.
            let isTaken = key == "ts" || key == "level" || key == "msg"
            JSONText.append(isTaken ? "_" + key : key, to: &line)
            line.append(0x3A)
            Self.append(value, to: &line)
        }
        line.append(contentsOf: "}\n".utf8)
        sink.write(line)
    }

    private static func append(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
        switch value {
        case .string(let text):
            JSONText.append(text, to: &line)
        case .stringConvertible(let value):
            JSONText.append(value.description, to: &line)
        case .array(let values):
            line.append(0x5B)
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(0x2C) }
                append(value, to: &line)
            }
            line.append(0x5D)
        case .dictionary(let values):
            line.append(0x7B)
            for (index, entry) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line.append(0x2C) }
                JSONText.append(entry.key, to: &line)
                line.append(0x3A)
                append(entry.value, to: &line)
            }
            line.append(0x7D)
        }
    }
}
