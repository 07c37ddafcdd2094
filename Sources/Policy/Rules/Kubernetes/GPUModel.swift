import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: any model that is not empty. There is no list: it must equal a property of images.
    package static let gpuModel: Rule = Rule(
        .gpuModel, .deny,
        summary: "A flavor's `gpu.model` is not empty.",
        goesWrong: "No image matches the flavor: the model must equal the property of an image.",
        remedy: "Write the model as images have it, e.g. `H100`.",
        check: .flavor { flavor, _, findings in
            guard let gpu = flavor.gpu.content else { return }
            checkModel(.gpuModel, gpu, flavor.path.field("gpu"), subject: flavor.subject, &findings)
        })

    static func checkModel(
        _ rule: Rule, _ gpu: GPU, _ path: @autoclosure () -> FieldPath, subject: @autoclosure () -> String?,
        _ findings: inout Findings
    ) {
        switch gpu.model {
        case .invalid: return
        case .present(let model) where !model.isEmpty: return
        default:
            findings.report(
                rule, .required, path().field("model"), shown: nil, subject: subject(),
                "the model as images have it, e.g. \"H100\"")
        }
    }
}
