import Foundation
import TestSupport
import Testing

@Suite struct ArchitectureTests {
    private static let sources = PackageFiles.root.appendingPathComponent("Sources")

    @Test func theSourcesKeepTheOrder() throws {
        let files = PackageFiles.files(below: Self.sources, ending: ".swift")
        #expect(files.count > 50)
        let order = ModuleOrder()
        for file in files {
            let path = String(file.path.dropFirst(Self.sources.path.count + 1))
            let module = String(path.prefix { $0 != "/" })
            let text = String(decoding: try PackageFiles.bytes(of: file), as: UTF8.self)
            for violation in order.violations(in: text, of: module, file: path) { Issue.record("\(violation)") }
        }
    }

    @Test func theTableIsAnOrder() {
        #expect(ModuleOrder().disorder.isEmpty)
        let turned = [
            ModuleOrder.Module(name: "A", imports: ["B"]), ModuleOrder.Module(name: "B", imports: []),
            ModuleOrder.Module(name: "A", imports: []),
        ]
        #expect(ModuleOrder(turned).disorder == ["A imports what comes after it: B", "A stands twice"])
    }

    /// A checker that finds nothing wrong anywhere would pass too.
    @Test(arguments: [
        ("Policy", "import Admission", "Policy imports Admission: the order turns round"),
        ("KubernetesTypes", "package import RegionAPI", "KubernetesTypes imports RegionAPI: the order turns round"),
        ("RegionAPI", "@testable import Policy", "RegionAPI imports Policy: the order turns round"),
        ("WebhookServer", "import Manifests", "WebhookServer imports Manifests: the order turns round"),
        ("Reporting", "import Manifests", "Reporting imports Manifests: the order turns round"),
        ("TLS", "import KubernetesTypes", "TLS imports KubernetesTypes: the order turns round"),
        ("Claims", "import Policy", "Claims imports Policy: the order turns round"),
        ("Claims", "import NIOCore", "Claims imports NIOCore: the core does no I/O"),
        ("Policy", "import Foundation", "Policy imports Foundation: no module does"),
        ("WebhookServer", "import Foundation", "WebhookServer imports Foundation: no module does"),
        ("TLS", "internal import FoundationEssentials", "TLS imports FoundationEssentials: no module does"),
        ("Admission", "import Glibc", "Admission imports Glibc: the core does no I/O"),
        ("Policy", "import Dispatch", "Policy imports Dispatch: the core does no I/O"),
        ("RegionAPI", "import NIOCore", "RegionAPI imports NIOCore: the core does no I/O"),
        ("Policy", "@preconcurrency import Logging", "Policy imports Logging: the core does no I/O"),
        ("WebhookServer", "internal import COpenSSL", "WebhookServer imports COpenSSL: only TLS does"),
        ("Policy", "import COpenSSL", "Policy imports COpenSSL: only TLS does"),
        ("Manifests", "import CYAML", "Manifests imports CYAML: only Documents does"),
        ("Admission", "  import CSimdjson", "Admission imports CSimdjson: only Documents does"),
        ("Policy", "import struct Foundation.Date", "Policy imports Foundation: no module does"),
        ("Policy", "import func Glibc.getenv // a clock", "Policy imports Glibc: the core does no I/O"),
    ]) func plantedViolationsAreFound(_ module: String, _ line: String, _ expected: String) {
        let text = "/// A comment.\n\(line)\n\nstruct Planted {}\n"
        #expect(ModuleOrder().violations(in: text, of: module, file: "f.swift") == ["f.swift:2: \(expected)"])
    }

    @Test(arguments: [
        ("Policy", "package import KubernetesTypes"), ("Admission", "import Policy"),
        ("TLS", "internal import COpenSSL"), ("TLS", "import NIOCore"), ("Documents", "internal import CYAML"),
        ("WebhookServer", "import Synchronization"),
        ("unikorn-region-webhook", "import ArgumentParser"), ("Policy", "// import Foundation"),
        ("Policy", "let text = \"import Foundation\""), ("Policy", "/// import Admission is not allowed"),
    ]) func whatIsAllowedPasses(_ module: String, _ line: String) {
        #expect(ModuleOrder().violations(in: line + "\n", of: module, file: "f.swift").isEmpty)
    }

    @Test func unknownModulesAreFound() {
        #expect(
            ModuleOrder().violations(in: "\n", of: "Utilities", file: "f.swift") == [
                "f.swift: module Utilities has no place in the order"
            ])
    }

    @Test func longFilesAreFound() {
        let order = ModuleOrder()
        let allowed = String(repeating: "//\n", count: ModuleOrder.maximumLines)
        #expect(order.violations(in: allowed, of: "Policy", file: "f.swift").isEmpty)
        let violations = order.violations(in: allowed + "//\n", of: "Policy", file: "f.swift")
        #expect(violations == ["f.swift: 301 lines, more than 300"])
    }
}
