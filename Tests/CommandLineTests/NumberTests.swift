import Foundation
import TestSupport
import Testing

/// Numbers at and beyond the ends of what 64 bits and a double hold, where an integer is due and where a quantity is: over
/// TLS, and in files.
@Suite(.oneAtATime) struct NumberTests {
    struct Sample: Sendable, CustomStringConvertible {
        let number: String
        /// What is wrong with it in JSON, from the API server or in a file; nothing where it is no JSON for anybody.
        let json: Set<String>?
        let yaml: Set<String>

        init(_ number: String, _ json: Set<String>?, yaml: Set<String>? = nil) {
            self.number = number
            self.json = json
            self.yaml = yaml ?? json ?? []
        }

        var description: String { number }

        var region: String {
            RegionText.region([RegionText.flavor(1, cpu: #"{"count":\#(number)}"#, memory: number)])
        }
    }

    static let samples = [
        Sample("9223372036854775807", ["cpu-count"]),
        Sample("9223372036854775808", ["type", "memory"]),
        Sample("18446744073709551615", ["type", "memory"]),
        Sample("18446744073709551616", nil, yaml: ["type"]),
        Sample("99999999999999999999999999999999999999", nil, yaml: ["type"]),
        Sample("-9223372036854775808", ["cpu-count", "memory"]),
        Sample("-9223372036854775809", nil, yaml: ["cpu-count", "memory"]),
        Sample("9.3e18", ["type"], yaml: ["type", "memory"]),
        Sample("1e19", ["type"], yaml: ["type", "memory"]),
        Sample("1e400", nil, yaml: ["type", "memory"]),
        Sample("-1e400", nil, yaml: ["type", "memory"]),
        Sample("1e-400", ["cpu-count", "memory"]),
        Sample("-0", ["cpu-count", "memory"]),
        Sample("-0.0", ["cpu-count", "memory"]),
    ]

    @Test(arguments: samples, ["file.json", "file.yaml"])
    func validate(_ sample: Sample, _ file: String) async throws {
        // YAML begins otherwise than with a brace.
        let isYAML = file.hasSuffix("yaml")
        let run = try await Program.validate((isYAML ? "--- " : "") + sample.region, ["-o", "json"], file: file)
        #expect(run.code == 1)
        let report = try ParsedReport(run)
        #expect(report.errors == (isYAML ? sample.yaml : sample.json ?? ["syntax"]))
        #expect(report.findings.allSatisfy { $0.line == 1 && $0.column > 300 }, "\(report.findings)")
        // Nothing is expected that was found.
        #expect(!run.output.contains("expected an integer, found an integer\""), "\(run)")
    }

    @Test func serve() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let server = try await Server(in: scratch)
        for sample in Self.samples {
            let review = ReviewBody(region: sample.region).json
            let response = try await server.post("/validate", body: review)
            #expect(response.status == (sample.json == nil ? 400 : 200), "\(sample)")
            #expect(try await server.post("/mutate", body: review).status == response.status, "\(sample)")
            guard let expected = sample.json else {
                #expect(response.body.contains("out of range"), "\(response.body)")
                continue
            }
            let annotations = response.review["auditAnnotations"] as? [String: String]
            #expect(Set(annotations?["denied"]?.split(separator: ",").map(String.init) ?? []) == expected, "\(sample)")
            // Where nothing reads it, any number may stand.
            let elsewhere = RegionText.region(spec: #","zzz":\#(sample.number)"#)
            let allowed = try await server.post("/validate", body: ReviewBody(region: elsewhere).json)
            #expect(allowed.review["allowed"] as? Bool == true, "\(sample)")
        }
        #expect(try await server.stop().code == 0)
    }
}
