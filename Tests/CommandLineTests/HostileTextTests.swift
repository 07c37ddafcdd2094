import Foundation
import KubernetesTypes
import TestSupport
import Testing

/// Characters that move a cursor, end a line, reorder or hide text never come out as they went in: not in a report, an
/// answer, a message, a log line or a header, whichever string of a document holds them.
@Suite(.oneAtATime) struct HostileTextTests {
    /// NUL, bell, escape (with a colour), DEL, CSI, the bidirectional overrides and isolates, a zero-width space, a byte
    /// order mark, a line separator, NEL: as JSON and YAML both write them.
    static let text = #"\u0000\u0007\u001b[31m\u007f\u009b\u202e\u2066\u200b\ufeff\u2028\u0085\r\n"#

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n"
        case .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private func expectSafe(_ output: String, _ what: String) {
        let unsafe = output.unicodeScalars.filter(Self.isUnsafe).map { String($0.value, radix: 16) }
        #expect(unsafe.isEmpty, "\(what): \(output.debugDescription)")
    }

    /// An answer as the API server reads it, since it is its strings that come to a terminal: kubectl prints messages and
    /// warnings. The `uid` is the caller's own, given back as it came.
    private func expectSafeStrings(_ answer: String, _ what: String) throws {
        guard answer.hasPrefix("{") else { return }
        let review = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
        var response = try #require(review?["response"] as? [String: Any])
        response["uid"] = nil
        for string in Self.strings(response) { expectSafe(string, what) }
    }

    private static func strings(_ value: Any) -> [String] {
        switch value {
        case let text as String: [text]
        case let list as [Any]: list.flatMap(strings)
        case let object as [String: Any]: object.keys + object.values.flatMap(strings)
        default: []
        }
    }

    /// § stands where the characters go.
    static let objects = [
        RegionText.region(name: "§"), RegionText.region(namespace: "§"), RegionText.region(displayName: "a§"),
        RegionText.region([RegionText.flavor(1, id: #""§""#, name: #""§""#, memory: #""4§""#, disk: #"{"§":["§"]}"#)]),
        RegionText.region([RegionText.flavor(1, name: #""§""#, gpu: RegionText.gpu(vendor: #""§""#, memory: #""§""#))]),
        RegionText.region(spec: #","a§":{"§":1},"tags":[{"name":"§"},{"name":"§"}],"tags":[{"name":"§"}]"#),
        RegionText.region(metadata: #","annotations":{"§":1},"§":"#, spec: "").replacing(#""§":},"#, with: #""§":1},"#),
        RegionText.region().replacing(#""provider":"kubernetes""#, with: #""provider":"§","domainName":"§""#),
        RegionText.region().replacing("v1alpha1", with: "v9§"),
        RegionText.region().replacing("Region", with: "Reg§ion"),
        #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"§","labels":{"§":"§","#
            + #""kubernetes.region.unikorn-cloud.org/node-class":"§"}},"status":{"capacity":{"cpu":"§"}}}"#,
    ]

    @Test(arguments: objects.indices)
    func files(_ index: Int) async throws {
        let text = Self.objects[index].replacing("§", with: Self.text)
        for (file, source) in [("file.json", text), ("file.yaml", "--- " + text)] {
            for flags in [["-o", "json"], ["--strict"]] {
                let run = try await Program.validate(source, flags, file: file)
                #expect(run.code == 0 || run.code == 1, "\(run)")
                expectSafe(run.output, "\(file) \(flags)")
                expectSafe(run.errors, "\(file) \(flags)")
            }
        }
    }

    /// Two objects in conflict, each named in the other's finding.
    @Test func conflicts() async throws {
        let text = RegionText.region(name: "§").replacing("§", with: Self.text)
        let other = RegionText.region(name: "§2").replacing("§", with: Self.text)
        let run = try await Program.validate([text, text, other].joined(separator: "\n"), file: "file.json")
        #expect(run.code == 1)
        #expect(run.output.contains("note:"))
        expectSafe(run.output, "conflicts")
    }

    /// The characters as they are, in comments, in plain text and in what is no document.
    @Test(arguments: ["a: b # §\n", "§", "{§: 1", "a: *§\n", "a: &§ [*§]\n", "? [§]\n", "%§\n---\n", "a: !§ b\nc: [\n"])
    func rawFiles(_ source: String) async throws {
        for hostile in ["\u{7}", "\u{1B}[31m", "\u{7F}", "\u{9B}", "\u{202E}", "\u{200B}", "\u{FEFF}", "\u{2028}"] {
            for flags in [["-o", "json"], []] {
                let run = try await Program.validate(source.replacing("§", with: hostile), flags)
                #expect(run.code == 0 || run.code == 1, "\(run)")
                expectSafe(run.output, "\(flags)")
            }
        }
    }

    @Test func namesOfFiles() async throws {
        let scratch = try Scratch()
        let name = "a\u{1B}[31m\u{202E}\nb.yaml"
        try scratch.write(name, Samples.region(memory: "0"))
        for arguments in [[name], ["."], ["-o", "json", name], ["no\u{1B}[31m\u{202E}file"]] {
            let run = try await Program.run(["validate"] + arguments, in: scratch)
            #expect(run.code == 1 || run.code == 2)
            expectSafe(run.output, "\(arguments)")
            expectSafe(run.errors, "\(arguments)")
        }
    }

    private static func reviews() -> [String] {
        let bodies = objects.map { object in
            var body = object.contains("Node") ? ReviewBody(node: object) : ReviewBody(region: object)
            (body.uid, body.name, body.namespace, body.username) = ("u§", "n§", "s§", "w§")
            body.groups = ["§"]
            return body
        }
        var others = [ReviewBody(region: objects[0]), ReviewBody(region: objects[0]), ReviewBody(region: objects[0])]
        others[0].operation = "§"
        others[1].version = "§"
        others[2].kind.kind = "§"
        others[2].resource = "§"
        // What rules of a change say, of what was and what is.
        let changes = objects.map { object in
            let old = object.replacing("§", with: "§§")
            return object.contains("Node")
                ? ReviewBody(node: object, old: old, operation: "UPDATE")
                : ReviewBody(region: object, old: old, operation: "UPDATE")
        }
        return (bodies + others + changes).map { $0.json.replacing("§", with: text) }
    }

    @Test func reviewCommand() async throws {
        for body in Self.reviews() {
            for flags in [[], ["--mutate"]] {
                let run = try await Program.run(["review"] + flags, input: body)
                #expect(run.code <= 2 && run.code >= 0)
                expectSafe(run.output, "\(flags)")
                expectSafe(run.errors, "\(flags)")
                try expectSafeStrings(run.output, "\(flags)")
            }
        }
    }

    @Test func server() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let server = try await Server(["--drain-delay", "0", "--log-level", "debug"], in: scratch)
        for body in Self.reviews() {
            for path in ["/validate", "/mutate"] {
                let response = try await server.post(path, body: body)
                #expect(response.status == 200 || response.status == 400)
                expectSafe(response.body, path)
                try expectSafeStrings(response.body, path)
            }
        }
        // In the parts of a request itself.
        let hostile = "%1B\u{1B}[31m\u{202E}\u{9B}"
        for header in [
            "Content-Type: \(hostile)", "Content-Encoding: \(hostile)", "Expect: \(hostile)", "X-\(hostile): a",
        ] {
            _ = try await server.post("/validate", file: "d/ca.crt", ["--header", header, "--include"])
        }
        let response = try await server.curl(["--insecure", "--include", "https://\(server.address)/\u{202E}\u{9B}%1B"])
        expectSafe(response.body.replacing("\r\n", with: "\n"), "an unknown path")
        #expect(try await server.stop().code == 0)
        #expect(server.log.count > 20)
        expectSafe(server.process.errors, "the log")
    }
}
