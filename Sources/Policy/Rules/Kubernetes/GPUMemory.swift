import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: as `memory`.
    package static let gpuMemory: Rule = Rule(
        .gpuMemory, .deny,
        summary: "A flavor's `gpu.memory` is a quantity as `memory` is.",
        goesWrong:
            "`1e1.5` passes the CRD's pattern and breaks the decoding of all Regions; on `1e-99999999` clients hang.",
        remedy: "Write the memory of one logical GPU, such as `80Gi`.",
        check: .flavor { flavor, _, findings in
            guard let gpu = flavor.gpu.content else { return }
            checkSize(
                .gpuMemory, gpu.memory, .gibibytes, flavor.path.field("gpu").field("memory"), subject: flavor.subject,
                &findings)
        })
}
