import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a quantity from 1Gi on, at most 2⁶³−1 bytes; the checks are `SizeFault`'s.
    package static let memory: Rule = Rule(
        .memory, .deny,
        summary: "A flavor's `memory` is a quantity that Go's parser accepts, at least 1Gi and at most 2⁶³−1 bytes.",
        goesWrong:
            "`1e1.5` passes the CRD's pattern and breaks the decoding of all Regions; on `1e-99999999` clients hang.",
        remedy: "Write a number with a binary suffix, such as `4Gi`.",
        check: .flavor { flavor, _, findings in
            checkSize(
                .memory, flavor.memory, .gibibytes, flavor.path.field("memory"), subject: flavor.subject, &findings)
        })

    /// A required size.
    static func checkSize(
        _ rule: Rule, _ field: Field<QuantityField>, _ unit: SizeUnit, _ path: @autoclosure () -> FieldPath,
        subject: @autoclosure () -> String?, _ findings: inout Findings
    ) {
        switch field {
        case .invalid: return
        case .absent:
            findings.report(rule, .required, path(), shown: nil, subject: subject(), "a quantity, e.g. \"40Gi\"")
        case .present(let quantity):
            guard let fault = SizeFault(quantity, unit) else { return }
            findings.report(
                rule, .invalid, path(), value: quantity.value, subject: subject(), fault.detail)
        }
    }
}
