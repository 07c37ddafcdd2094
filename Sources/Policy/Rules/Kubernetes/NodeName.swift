import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: any name that is not empty. One that is absent is defaulted before this is judged.
    package static let nodeName: Rule = Rule(
        .nodeName, .deny,
        summary: "A flavor's `name` is present and not empty.",
        goesWrong: "Users see a flavor without a name.",
        remedy: "Name the flavor, or leave the name out and have it made from what the flavor is.",
        check: .flavor { flavor, _, findings in
            switch flavor.name {
            case .invalid: return
            case .present(let name) where !name.isEmpty: return
            default:
                findings.report(
                    .nodeName, .required, flavor.path.field("name"), shown: nil,
                    "the name that users see, e.g. \"cpu2-mem4-disk40\"")
            }
        })
}
