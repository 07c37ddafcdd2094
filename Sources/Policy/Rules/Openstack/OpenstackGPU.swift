import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: as `gpu-vendor`, `gpu-model` and `gpu-count`, with a memory; without a word what `gpu-count-ratio` and
    /// `gpu-count-stale` allow. What the memory may be is `openstack-quantity`.
    package static let openstackGPU: Rule = Rule(
        .openstackGPU, .deny,
        summary:
            "A `gpu` of `compute.flavors.metadata` has a known vendor, a model, a memory, and counts of at least 1 (an "
            + "uneven or stale logicalCount: a warning).",
        goesWrong: "No image matches the flavor; 0 is a GPU for free, and a negative number credit on a quota.",
        remedy: "As for the rules about the `gpu` of a kubernetes flavor.",
        check: .region { review, findings in
            for flavor in review.region.openstackFlavors {
                guard let gpu = flavor.gpu.content else { continue }
                let path = { flavor.path.field("gpu") }
                checkVendor(.openstackGPU, gpu, path(), subject: flavor.subject, &findings)
                checkModel(.openstackGPU, gpu, path(), subject: flavor.subject, &findings)
                checkCounts(.openstackGPU, gpu, path(), subject: flavor.subject, &findings)
                if gpu.memory.isAbsent {
                    checkSize(
                        .openstackGPU, gpu.memory, .gibibytes, path().field("memory"), subject: flavor.subject,
                        &findings)
                }
                checkRatio(.openstackGPU, gpu, path(), subject: flavor.subject, &findings, as: .warn)
                guard let old = review.oldOpenstackFlavors[flavor.id.content]?.gpu.content else { continue }
                checkStale(.openstackGPU, gpu, old: old, path(), subject: flavor.subject, &findings, as: .warn)
            }
        })
}
