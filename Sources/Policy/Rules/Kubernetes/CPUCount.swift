import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: 1 to 4096.
    package static let cpuCount: Rule = Rule(
        .cpuCount, .deny,
        summary: "A flavor's `cpu.count` is present, an integer, 1 to 4096.",
        goesWrong: "The region service dereferences nil: the request for flavors crashes.",
        remedy: "Set the number of CPUs that a machine of the class has.",
        check: .flavor { flavor, _, findings in
            let path = { flavor.path.field("cpu").field("count") }
            if case .invalid = flavor.cpu { return }
            switch flavor.cpu.content?.count ?? .absent {
            case .invalid: return
            case .absent:
                findings.report(
                    .cpuCount, .required, path(), shown: nil, subject: flavor.subject, "an integer, 1 to \(maximumCPUs)"
                )
            case .present(let count):
                guard count < 1 || count > maximumCPUs else { return }
                findings.report(
                    .cpuCount, .invalid, path(), shown: String(count), subject: flavor.subject,
                    "must be 1 to \(maximumCPUs)")
            }
        })

    /// Twice what the largest machines on sale have; more is a typing error.
    static var maximumCPUs: Int64 { 4096 }
}
