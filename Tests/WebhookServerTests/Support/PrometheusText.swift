/// A strict reader of the text format of Prometheus, version 0.0.4, as far as it is used here.
struct PrometheusText {
    struct Malformed: Error {
        var line: String
        var reason: String
    }

    /// By name with its labels, these sorted by name and their values as they are written.
    private(set) var samples: [String: Double] = [:]
    private var types: [String: String] = [:]
    private var helps: Set<String> = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(line: "", reason: "no line end at the end") }
        var family: String?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# HELP ") {
                let words = line.split(separator: " ", maxSplits: 3)
                guard words.count == 4, helps.insert(String(words[2])).inserted else { throw fail(line, "help") }
            } else if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                guard words.count == 4, ["counter", "gauge", "histogram"].contains(words[3]) else {
                    throw fail(line, "type")
                }
                let name = String(words[2])
                guard helps.contains(name), types.updateValue(String(words[3]), forKey: name) == nil else {
                    throw fail(line, "type without help, or twice")
                }
                family = name
            } else {
                try addSample(line, of: family)
            }
        }
        try checkHistograms()
    }

    private func fail(_ line: some StringProtocol, _ reason: String) -> Malformed {
        Malformed(line: String(line), reason: reason)
    }

    private mutating func addSample(_ line: Substring, of family: String?) throws {
        let pattern = /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([-+0-9.e]+|NaN|[-+]Inf)/
        guard let family, let type = types[family], let match = line.wholeMatch(of: pattern) else {
            throw fail(line, "not a sample")
        }
        let name = String(match.1)
        let suffixes = type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { family + $0 == name }) else { throw fail(line, "not of family \(family)") }
        guard type != "counter" || name.hasSuffix("_total") else { throw fail(line, "counter without _total") }
        guard let value = Double(match.3) else { throw fail(line, "value") }
        var labels: [String] = []
        if var rest = match.2 {
            while !rest.isEmpty {
                guard let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/)
                else {
                    throw fail(line, "labels")
                }
                labels.append("\(label.1)=\"\(label.2)\"")
                rest = rest[label.range.upperBound...]
            }
        }
        let key = labels.isEmpty ? name : name + "{" + labels.sorted().joined(separator: ",") + "}"
        guard samples.updateValue(value, forKey: key) == nil else { throw fail(line, "twice") }
    }

    private func checkHistograms() throws {
        for (name, type) in types where type == "histogram" {
            let counts = samples.filter { $0.key.hasPrefix(name + "_count") }
            guard !counts.isEmpty else { throw fail(name, "no count") }
            for (key, count) in counts {
                let labels = key.dropFirst(name.count + 7).dropLast()
                let buckets = samples.filter { $0.key.hasPrefix(name + "_bucket") && $0.key.contains(labels) }
                let ascending = try buckets.map { key, value in
                    guard let bound = key.firstMatch(of: /le="([^"]*)"/), let limit = Double(bound.1) else {
                        throw fail(key, "bound")
                    }
                    return (limit, value)
                }.sorted { $0.0 < $1.0 }
                guard ascending.last?.0 == .infinity, ascending.last?.1 == count,
                    zip(ascending, ascending.dropFirst()).allSatisfy({ $0.1 <= $1.1 })
                else { throw fail(key, "buckets") }
            }
        }
    }
}
