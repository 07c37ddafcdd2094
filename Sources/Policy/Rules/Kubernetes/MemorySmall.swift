import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: 2Gi and more.
    package static let memorySmall: Rule = Rule(
        .memorySmall, .warn,
        summary: "A flavor has at least 2Gi of memory.",
        goesWrong: "The kubernetes service hides flavors that are too small for a control plane.",
        remedy: "Expect this flavor to be missing from the list for clusters.",
        check: .flavor { flavor, _, findings in
            guard let field = flavor.memory.content, SizeFault(field, .gibibytes) == nil, let bytes = field.units,
                bytes < 2 * SizeUnit.gibibytes.bytes
            else { return }
            findings.report(
                .memorySmall, .invalid, flavor.path.field("memory"), value: field.value, subject: flavor.subject,
                "below 2Gi the flavor is hidden from clusters")
        })
}
