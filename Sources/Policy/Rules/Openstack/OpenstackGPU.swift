import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: as `gpu-vendor`, `gpu-model` and `gpu-count`.
    package static let openstackGPU: Rule = Rule(
        .openstackGPU, .deny,
        summary: "A `gpu` of `compute.flavors.metadata` has a known vendor, a model, and counts of at least 1.",
        goesWrong: "No image matches the flavor; 0 is a GPU for free, and a negative number credit on a quota.",
        remedy: "As for `gpu-vendor`, `gpu-model` and `gpu-count`.",
        check: .region { review, findings in
            for flavor in review.region.openstackFlavors {
                guard let gpu = flavor.gpu.content else { continue }
                let path = { flavor.path.field("gpu") }
                checkVendor(.openstackGPU, gpu, path(), subject: flavor.subject, &findings)
                checkModel(.openstackGPU, gpu, path(), subject: flavor.subject, &findings)
                checkCounts(.openstackGPU, gpu, path(), subject: flavor.subject, &findings)
            }
        })
}
