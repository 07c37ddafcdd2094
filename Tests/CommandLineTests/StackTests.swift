import Foundation
import TestSupport
import Testing

/// The program with little stack for every thread, as event loops have on some systems.
@Suite(.oneAtATime) struct StackTests {
    private static let limited = #"ulimit -s \#(SmallStack.bytes / 1024) && exec "$0" "$@""#

    /// An object of rules with a field as deep as a document may be, and one level deeper.
    private static func region(_ nesting: Nesting, _ depth: Int) -> String {
        RegionText.region().replacing(#""spec":{"#, with: #""spec":{"zzz":\#(nesting.json(depth)),"#)
    }

    @Test(arguments: ["file.json", "file.yaml"], Nesting.allCases)
    func validate(_ file: String, _ nesting: Nesting) async throws {
        let scratch = try Scratch()
        // YAML begins otherwise than with a brace.
        let start = file.hasSuffix("yaml") ? "--- " : ""
        for (depth, rule) in [(510, "unknown-field"), (511, "syntax"), (1_000_000, "syntax")] {
            try scratch.write(file, start + Self.region(nesting, depth))
            let run = try await Program.shell(Self.limited, ["validate", "-o", "json", file], in: scratch)
            #expect(run.code == (rule == "syntax" ? 1 : 0), "\(run)")
            #expect(try ParsedReport(run).findings.map(\.rule) == [rule], "\(depth)")
        }
    }

    @Test func serve() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let server = try await Server(in: scratch, stackKilobytes: SmallStack.bytes / 1024)
        for nesting in Nesting.allCases {
            for (depth, status) in [(508, 200), (509, 400), (1_000_000, 400)] {
                let body = ReviewBody(region: Self.region(nesting, depth)).json
                for path in ["/validate", "/mutate"] {
                    #expect(try await server.post(path, body: body).status == status, "\(nesting) \(depth) \(path)")
                }
            }
            let bare = try await server.post("/validate", body: nesting.opening(1_000_000))
            #expect(bare.status == 400)
        }
        // The same process as at the start.
        #expect(try await server.post("/validate", body: ReviewBody(region: RegionText.region()).json).status == 200)
        #expect(try await server.stop().code == 0)
    }
}
