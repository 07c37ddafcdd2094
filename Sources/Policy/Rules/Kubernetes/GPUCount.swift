import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: physicalCount and logicalCount of at least 1. An absent logicalCount is defaulted before.
    package static let gpuCount: Rule = Rule(
        .gpuCount, .deny,
        summary: "A flavor's `gpu.physicalCount` and `gpu.logicalCount` are at least 1.",
        goesWrong: "0 is a GPU for free, and a negative number credit on a quota.",
        remedy: "Count the cards of one machine; leave the whole `gpu` block out where there are none.",
        check: .flavor { flavor, _, findings in
            guard let gpu = flavor.gpu.content else { return }
            checkCounts(.gpuCount, gpu, flavor.path.field("gpu"), subject: flavor.subject, &findings)
        })

    static func checkCounts(
        _ rule: Rule, _ gpu: GPU, _ path: @autoclosure () -> FieldPath, subject: @autoclosure () -> String?,
        _ findings: inout Findings
    ) {
        for (name, field) in [("physicalCount", gpu.physicalCount), ("logicalCount", gpu.logicalCount)] {
            switch field {
            case .invalid: continue
            case .absent:
                findings.report(
                    rule, .required, path().field(name), shown: nil, subject: subject(), "an integer, at least 1")
            case .present(let count):
                guard count < 1 else { continue }
                findings.report(
                    rule, .invalid, path().field(name), shown: String(count), subject: subject(), "must be at least 1")
            }
        }
    }
}
