import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: a whole number of GiB.
    package static let memoryWhole: Rule = Rule(
        .memoryWhole, .warn,
        summary: "A flavor's `memory` is whole GiB.",
        goesWrong: "The region API shows whole GiB and cuts the rest: `4G` is shown as 3.",
        remedy: "Write a whole number of Gi.",
        check: .flavor { flavor, _, findings in
            guard let field = flavor.memory.content, SizeFault(field, .gibibytes) == nil, let bytes = field.units,
                bytes % SizeUnit.gibibytes.bytes != 0
            else { return }
            findings.report(
                .memoryWhole, .invalid, flavor.path.field("memory"), value: field.value, subject: flavor.subject,
                "is no whole number of GiB: users see \(bytes / SizeUnit.gibibytes.bytes)")
        })
}
