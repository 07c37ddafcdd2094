import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: quantities as `memory`, where set.
    package static let openstackQuantity: Rule = Rule(
        .openstackQuantity, .deny,
        summary: "Quantities of `compute.flavors.metadata`, where set, are as `memory` is.",
        goesWrong:
            "`1e1.5` passes the CRD's pattern and breaks the decoding of all Regions; on `1e-99999999` clients hang.",
        remedy: "Write a number with a binary suffix, such as `4Gi`.",
        check: .region { review, findings in
            for flavor in review.region.openstackFlavors {
                if !flavor.memory.isAbsent {
                    checkSize(
                        .openstackQuantity, flavor.memory, .gibibytes, flavor.path.field("memory"),
                        subject: flavor.subject,
                        &findings)
                }
                guard let gpu = flavor.gpu.content, !gpu.memory.isAbsent else { continue }
                checkSize(
                    .openstackQuantity, gpu.memory, .gibibytes, flavor.path.field("gpu").field("memory"),
                    subject: flavor.subject, &findings)
            }
        })
}
