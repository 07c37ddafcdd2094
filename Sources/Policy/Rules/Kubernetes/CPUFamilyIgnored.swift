import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: no `cpu.family`.
    package static let cpuFamilyIgnored: Rule = Rule(
        .cpuFamilyIgnored, .warn,
        summary: "`cpu.family` is not set on a kubernetes node.",
        goesWrong: "The field is dropped without a word.",
        remedy: "Leave it out.",
        check: .region { review, findings in
            // Who sets it sets it on every flavor, and one warning says that as well as a dozen.
            let flavors = review.region.flavors
            var count = 0
            var position = 0
            // By index: an iterator copies each flavor.
            for index in flavors.indices {
                guard case .present(let cpu) = flavors[index].cpu, case .present = cpu.family else { continue }
                if count == 0 { position = index }
                count += 1
            }
            guard count > 0, let family = flavors[position].cpu.content?.family.content else { return }
            let detail =
                switch count {
                case 1: "is ignored for provider kubernetes"
                case 2: "is ignored for provider kubernetes, as in 1 other flavor"
                default: "is ignored for provider kubernetes, as in \(count - 1) other flavors"
                }
            findings.report(
                .cpuFamilyIgnored, .invalid, flavors[position].path.field("cpu").field("family"), shown: show(family),
                subject: flavors[position].subject, detail)
        })
}
