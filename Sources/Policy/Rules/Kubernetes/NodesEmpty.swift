import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: at least one entry in `spec.kubernetes.nodes`.
    package static let nodesEmpty: Rule = Rule(
        .nodesEmpty, .warn,
        summary: "`spec.kubernetes.nodes` has at least one entry.",
        goesWrong: "The region has no flavors, and the web console fails on the first.",
        remedy: "Describe each class of machines of the region.",
        check: .region { review, findings in
            guard let kubernetes = review.region.kubernetes.content else { return }
            switch kubernetes.nodes {
            case .present(let nodes) where !nodes.isEmpty: return
            case .invalid: return
            default:
                // A list whose elements are all of the wrong type is not empty.
                guard kubernetes.value["nodes"]?.childCount ?? 0 == 0 else { return }
                findings.report(
                    .nodesEmpty, .required, RegionPath.nodes, shown: nil, "without an entry the region has no flavors")
            }
        })
}
