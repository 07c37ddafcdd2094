import Testing

/// Each field of Region and Node in turn has every other type: the finding names it and its place, what was expected and
/// what was found, and the other rules still run.
@Suite(.oneAtATime) struct WrongTypeTests {
    /// A value of each type, and how messages call it.
    private static let values: [(json: String, phrase: String)] = [
        ("\"text\"", "a string"), ("7", "an integer"), ("2.5", "a number"), ("true", "a boolean"), ("[]", "an array"),
        ("{}", "an object"),
    ]

    private struct Case {
        let path: [Tree.Step]
        let phrase: String
        let json: String
        let column: Int
        let fits: Bool
    }

    private func fits(_ tree: Tree, _ phrase: String) -> Bool {
        switch tree {
        case .object: phrase == "an object"
        case .list: phrase == "an array"
        case .string: phrase == "a string"
        case .integer: phrase == "an integer"
        case .boolean: phrase == "a boolean"
        case .quantity: phrase == "a string" || phrase == "an integer"
        case .anything: true
        }
    }

    private func cases(_ tree: Tree) -> [Case] {
        tree.paths.flatMap { path in
            Self.values.map { value in
                let (json, column) = tree.json(replacing: path, with: value.json)
                let fits = tree[path[...]].map { self.fits($0, value.phrase) } ?? true
                return Case(path: path, phrase: value.phrase, json: json, column: column, fits: fits)
            }
        }
    }

    struct Sample: Sendable, CustomStringConvertible {
        let description: String
        let tree: Tree
        /// A rule that finds something in it, and where.
        let rule: String
        let faulty: String
    }

    static let samples = [
        Sample(
            description: "Region of Kubernetes", tree: .kubernetesRegion, rule: "memory",
            faulty: "spec.kubernetes.nodes[1].memory"),
        Sample(
            description: "Region of OpenStack", tree: .openstackRegion, rule: "openstack-endpoint",
            faulty: "spec.openstack.endpoint"),
        Sample(
            description: "Node", tree: .node, rule: "node-class",
            faulty: "metadata.labels[kubernetes.region.unikorn-cloud.org/node-class]"),
    ]

    /// All in one stream, one document a line: as JSON, and as YAML.
    @Test(arguments: samples, [("file.json", "\n"), ("file.yaml", "\n---\n")])
    func everyField(_ sample: Sample, _ format: (file: String, separator: String)) async throws {
        let cases = cases(sample.tree)
        let lines = format.separator.filter { $0 == "\n" }.count
        let text = cases.map(\.json).joined(separator: format.separator) + "\n"
        // All of them are one object.
        let run = try await Program.validate(text, ["-o", "json", "--rule", "object-duplicate=off"], file: format.file)
        #expect(run.code == 1)
        let report = try ParsedReport(run)
        #expect(report.summary.documents == cases.count)
        let byLine = Dictionary(grouping: report.findings, by: \.line)
        for (index, one) in cases.enumerated() {
            let found = byLine[1 + index * lines] ?? []
            let types = found.filter { $0.rule == "type" }
            if one.fits {
                #expect(types.isEmpty, "\(one.path.field): \(one.phrase): \(types)")
                continue
            }
            let match = types.filter { $0.field == one.path.field && $0.column == one.column }
            #expect(match.count == 1, "\(one.path.field): \(one.phrase): \(found)")
            #expect(types.count == 1, "\(one.path.field): \(one.phrase): \(types)")
            #expect(match.allSatisfy { $0.severity == "error" && $0.message.contains("expected a") })
            #expect(match.allSatisfy { $0.message.contains("found \(one.phrase)") }, "\(match)")
            // The other rules still run, unless what they read is gone with the field.
            let hidesFault = sample.faulty.hasPrefix(one.path.field)
            let isIdentified = one.path.count > 1 || ["metadata", "spec"].contains(one.path.field)
            if isIdentified, !hidesFault {
                #expect(found.contains { $0.rule == sample.rule && $0.field == sample.faulty }, "\(one.path.field)")
            }
        }
    }

    /// A field that is null is absent: nothing crashes, and no type is wrong.
    @Test(arguments: samples)
    func everyFieldNull(_ sample: Sample) async throws {
        let text = sample.tree.paths.filter { $0.last != .index(0) && $0.last != .index(1) }
            .map { sample.tree.json(replacing: $0, with: "null").json }.joined(separator: "\n")
        let run = try await Program.validate(text, ["-o", "json"], file: "file.json")
        let report = try ParsedReport(run)
        #expect(run.code == 1)
        let types = report.of("type").filter { $0.field != "apiVersion" && $0.field != "kind" }
        #expect(types.isEmpty, "\(types)")
    }

    /// Far more faults than anybody reads end, and are counted.
    @Test func everyElementOfALongList() async throws {
        let list = Array(repeating: "5", count: 20_000).joined(separator: ",")
        let (json, _) = Tree.kubernetesRegion.json(
            replacing: [.key("spec"), .key("kubernetes"), .key("nodes")], with: "[\(list)]")
        let report = try await ParsedReport(judging: json, file: "file.json")
        #expect(report.of("type").count > 100 && report.of("type").count < 2_000)
        #expect(report.of("type").contains { $0.message.contains("more fields of a wrong type") })
    }
}
