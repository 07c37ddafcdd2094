import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: NVIDIA or AMD.
    package static let gpuVendor: Rule = Rule(
        .gpuVendor, .deny,
        summary: "A flavor's `gpu.vendor` is NVIDIA or AMD.",
        goesWrong: "No image matches the flavor.",
        remedy: "Write the vendor in capitals.",
        check: .flavor { flavor, _, findings in
            guard let gpu = flavor.gpu.content else { return }
            checkVendor(.gpuVendor, gpu, flavor.path.field("gpu"), subject: flavor.subject, &findings)
        })

    static func checkVendor(
        _ rule: Rule, _ gpu: GPU, _ path: @autoclosure () -> FieldPath, subject: @autoclosure () -> String?,
        _ findings: inout Findings
    ) {
        switch gpu.vendor {
        case .invalid: return
        case .absent:
            findings.report(
                rule, .required, path().field("vendor"), shown: nil, subject: subject(), "\"NVIDIA\" or \"AMD\"")
        case .present(let vendor):
            guard vendor != "NVIDIA", vendor != "AMD" else { return }
            let upper = String(vendor).uppercased()
            findings.report(
                rule, .notSupported, path().field("vendor"), shown: show(vendor), subject: subject(),
                "supported values are \"NVIDIA\", \"AMD\"",
                hint: upper == "NVIDIA" || upper == "AMD" ? "write \"\(upper)\"" : nil)
        }
    }
}
