import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: version 4, RFC 9562 variant (`--class-id-version any` makes it a warning).
    package static let nodeClassVersion: Rule = Rule(
        .nodeClassVersion, .deny,
        summary: "The class of a Node is a version 4 UUID of RFC 9562's variant.",
        goesWrong: "The provider's documentation requires version 4: another one may be derived, and so collide.",
        remedy: "Make a random UUID (`uuidgen -r`), or allow others with `--class-id-version any`.",
        check: .node { review, findings in
            guard let value = review.node.nodeClass.content, let fault = UUIDFault(version: value) else { return }
            findings.report(.nodeClassVersion, .invalid, NodePath.nodeClass, shown: fault.shown, fault.detail)
        })
}
