import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: ids that are not empty and differ from each other. OpenStack's ids need not be UUIDs.
    package static let openstackFlavorID: Rule = Rule(
        .openstackFlavorID, .deny,
        summary: "The ids of `compute.flavors.metadata` are not empty and unique.",
        goesWrong: "The metadata belong to no flavor, or one entry shadows another.",
        remedy: "Write the id that `openstack flavor list` shows, each once.",
        check: .region { review, findings in
            var seen: Set<Text> = []
            for flavor in review.region.openstackFlavors {
                let path = { flavor.path.field("id") }
                switch flavor.id {
                case .invalid: continue
                case .present(let id) where !id.isEmpty:
                    guard !seen.insert(id).inserted else { continue }
                    findings.report(
                        .openstackFlavorID, .duplicate, path(), shown: show(id), "another entry has this id")
                default:
                    findings.report(.openstackFlavorID, .required, path(), shown: nil, "the id of an OpenStack flavor")
                }
            }
        })
}

extension Region {
    /// The entries of `compute.flavors.metadata`, empty where there are none.
    var openstackFlavors: [OpenstackFlavor] { openstack.content?.flavors.content ?? [] }
}

extension OpenstackFlavor {
    /// How messages name the entry.
    var subject: String? {
        id.content.map { "flavor \(show($0))" }
    }
}
