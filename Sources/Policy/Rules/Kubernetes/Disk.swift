import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a quantity from 1G on, at most 2⁶³−1 bytes; the checks are `SizeFault`'s.
    package static let disk: Rule = Rule(
        .disk, .deny,
        summary: "A flavor's `disk` is a quantity that Go's parser accepts, at least 1G and at most 2⁶³−1 bytes.",
        goesWrong:
            "`1e1.5` passes the CRD's pattern and breaks the decoding of all Regions; on `1e-99999999` clients hang.",
        remedy: "Write a number with a suffix, such as `40Gi`; users see GB, so 40Gi is shown as 42.",
        check: .flavor { flavor, _, findings in
            checkSize(.disk, flavor.disk, .gigabytes, flavor.path.field("disk"), subject: flavor.subject, &findings)
        })
}
