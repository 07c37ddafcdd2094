import Admission
import KubernetesTypes
import Policy
import TestSupport
import Testing

/// What an answer costs, and how long it gets, whatever is asked. The times are those of a debug build with much to
/// spare; what they catch is work by the square of the input.
@Suite(.serialized) struct BoundTests {
    /// A Region with every field of its flavors wrong.
    private static func wrong(_ count: Int) -> String {
        let gpu = RegionText.gpu(
            vendor: #""nvidia""#, model: #""""#, memory: #""1e1.5""#, physical: "0", logical: "-1")
        return RegionText.region(
            (0..<count).map { number in
                RegionText.flavor(
                    number, id: #""BANANA-\#(number)""#, name: #""brat wurst""#, cpu: #"{"count":-1,"family":"x"}"#,
                    memory: #""-4Gi""#, disk: #""1e-99999999""#, gpu: gpu)
            })
    }

    private func answer(
        _ body: ReviewBody, within limit: Duration, _ endpoint: Endpoint = .validate
    ) throws -> AnswerDocument {
        let bytes = body.bytes
        let (output, time) = try CPUTime.measure { try Answering.bytes(bytes, endpoint) }
        // A sanitizer checks every access to memory.
        #expect(time < (Sanitizer.isThere ? limit * 4 : limit), "\(time)")
        #expect(output.count < 256 * 1024, "\(output.count)")
        return try AnswerDocument(output)
    }

    @Test func everythingWrongOnCreate() throws {
        let response = try answer(ReviewBody(region: Self.wrong(4_000)), within: .seconds(8)).response
        let status = try #require(response.status)
        #expect(status.details.causes.count == 100)
        #expect(status.message.hasSuffix(" more]"))
        let warnings = try #require(response.warnings)
        #expect(warnings.count == 64)
        #expect(warnings.last?.hasSuffix("more warnings") == true)
    }

    @Test func everythingWrongOnUpdate() throws {
        let old = Self.wrong(1_000)
        let new = old.replacing(#""provider":"kubernetes""#, with: #""provider":"kubernetes","tags":[]"#)
        let response = try answer(ReviewBody(region: new, old: old, operation: "UPDATE"), within: .seconds(8)).response
        #expect(response.allowed)
        #expect(response.warnings?.count == 64)
    }

    private static let last = "deny region-organizations spec.security.organizations[20000].id"

    /// What is too wrong to be listed is not known to be old.
    @Test func tooMuchToCompareIsRefused() throws {
        let organizations = String(repeating: #"{"id":""},"#, count: 20_000) + #"{"id":"a"}"#
        let old = RegionText.region(spec: #","security":{"organizations":[\#(organizations)]}"#)
        let new = RegionText.region(spec: #","security":{"organizations":[\#(organizations)]},"tags":[]"#)
        var settings = PolicySettings.forTests
        settings.isStrict = true
        let findings = try Judge.update(region: new, from: old, settings)
        #expect(findings.count == 20_001)
        #expect(findings.filter { $0.severity == .deny }.summaries == [Self.last])
    }

    @Test func everythingRightOnUpdate() throws {
        let flavors = (0..<4_000).map { RegionText.flavor($0, gpu: RegionText.gpu()) }
        let body = ReviewBody(
            region: RegionText.region(flavors.reversed()), old: RegionText.region(flavors), operation: "UPDATE")
        let response = try answer(body, within: .seconds(8)).response
        #expect(response.allowed)
        #expect(response.warnings?.count == 1)
    }

    @Test func thousandsOfDefaults() throws {
        let flavors = (0..<4_000).map { RegionText.flavor($0, name: .some(nil)) }
        let body = ReviewBody(region: RegionText.region(flavors)).bytes
        let answer = try Answering.answer(body, .mutate)
        #expect(try answer.operations.count == 4_000)
        let annotation = try #require(answer.response.auditAnnotations?["default-flavor-name"])
        #expect(annotation.hasSuffix("and 3900 more"))
        #expect(annotation.utf8.count < 16_384)
    }

    @Test(arguments: ["1", "{}"]) func listsMadeToHurt(_ node: String) throws {
        let nodes = #""nodes":[\#(String(repeating: "\(node),", count: 200_000))\#(node)]"#
        let region = RegionText.region([]).replacing(#""nodes":[]"#, with: nodes)
        for endpoint in [Endpoint.validate, .mutate] {
            let response = try answer(ReviewBody(region: region), within: .seconds(8), endpoint).response
            #expect(response.allowed == (endpoint == .mutate))
        }
    }

    @Test(arguments: [
        (30_000, #""compute":{"flavors":{"metadata":["#, "]}}"), (200_000, #""identity":{"clusterRoles":["#, "]}"),
    ]) func wrongTypesMadeToHurt(_ count: Int, _ opening: String, _ closing: String) throws {
        let block = opening + String(repeating: "1,", count: count) + "1" + closing
        let region = RegionText.region(spec: #","openstack":{"endpoint":"https://a",\#(block)}"#)
        let response = try answer(ReviewBody(region: region), within: .seconds(8)).response
        #expect(!response.allowed)
        _ = try answer(ReviewBody(region: region), within: .seconds(8), .mutate)
    }

    /// What is wrong stands at the end of a list so long that walking it for each would take minutes.
    @Test func wrongTypesAtTheEndOfALongList() throws {
        let roles = String(repeating: #""","#, count: 1_000_000) + String(repeating: "1,", count: 999) + "1"
        let block = #","openstack":{"endpoint":"https://a","identity":{"clusterRoles":[\#(roles)]}}"#
        let region = RegionText.region(spec: block)
        let response = try answer(ReviewBody(region: region), within: .seconds(8)).response
        #expect(response.status?.details.causes.first?.field == "spec.openstack.identity.clusterRoles[1000000]")
        // Both versions of an update, and the comparison of what was found in them.
        let new = region.replacing(#""provider":"kubernetes""#, with: #""provider":"kubernetes","tags":[]"#)
        let update = ReviewBody(region: new, old: region, operation: "UPDATE")
        #expect(try answer(update, within: .seconds(16)).response.allowed)
    }

    @Test func findingsAreBounded() throws {
        let organizations = String(repeating: #"{"id":""},"#, count: 20_050) + #"{"id":""}"#
        let region = RegionText.region(spec: #","security":{"organizations":[\#(organizations)]}"#)
        let findings = try Judge.create(region: region)
        #expect(findings.count == 20_000)
        // What is not listed is refused all the same.
        var settings = PolicySettings.forTests
        settings.levels[.regionOrganizations] = .warn
        let wrong = region.replacing(#""memory":"4Gi""#, with: #""memory":"0""#)
        #expect(try Judge.create(region: wrong, settings).contains { $0.severity == .deny })
    }

    @Test func hugeNames() throws {
        let name = String(repeating: "\\u202e", count: 100_000)
        let region = RegionText.region([RegionText.flavor(1, id: "\"\(name)\"", name: "\"\(name)\"")])
        var body = ReviewBody(region: region)
        body.name = String(repeating: "x", count: 100_000)
        let response = try answer(body, within: .seconds(8)).response
        #expect(response.status?.message.unicodeScalars.allSatisfy(PrintableText.isSafe) == true)
        #expect(response.status?.message.utf8.count ?? 0 < 4_096)
    }
}
