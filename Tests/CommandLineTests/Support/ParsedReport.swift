import Foundation

/// What `validate -o json` prints.
struct ParsedReport: Decodable, Sendable {
    struct Finding: Decodable, Sendable {
        let rule: String
        let severity: String
        let file: String
        let line: Int
        let column: Int
        let object: String?
        let field: String
        let reason: String
        let message: String
        let related: Related?
    }

    struct Related: Decodable, Sendable {
        let file: String
        let line: Int
        let column: Int
        let object: String
    }

    struct Summary: Decodable, Sendable, Equatable {
        let files: Int
        let documents: Int
        let objects: Int
        let skipped: Int
        let errors: Int
        let warnings: Int
    }

    let findings: [Finding]
    let summary: Summary

    init(_ run: Program.Run) throws {
        self = try JSONDecoder().decode(ParsedReport.self, from: Data(run.output.utf8))
    }

    /// Judges files of a scratch directory.
    init(_ paths: [String], _ flags: [String] = [], in scratch: Scratch) async throws {
        self = try ParsedReport(try await Program.run(["validate", "-o", "json"] + flags + paths, in: scratch))
    }

    /// Judges one file of this text.
    init(judging text: String, _ flags: [String] = [], file: String = "file.yaml") async throws {
        self = try ParsedReport(try await Program.validate(text, flags + ["-o", "json"], file: file))
    }

    /// The rules that found something, each once.
    var rules: Set<String> { Set(findings.map(\.rule)) }
    var errors: Set<String> { Set(findings.filter { $0.severity == "error" }.map(\.rule)) }

    func of(_ rule: String) -> [Finding] { findings.filter { $0.rule == rule } }
}
