import KubernetesTypes
import Policy
import RegionAPI

/// An object of a manifest, by what this program does with it.
enum ManifestObject {
    /// It has rules.
    case judged(ObjectReview.Kind, Value)
    /// Rules read it about others.
    case secret(Value)
    /// A recorded AdmissionReview.
    case review(Value)
    /// A Region of a version this program does not know.
    case unknownVersion(Value, apiVersion: String)
    /// Of no interest here.
    case skipped

    /// The objects of a document, those of a List one by one.
    static func all(in root: Value) -> [(object: ManifestObject, value: Value)] {
        guard let kind = root["kind"]?.text, let apiVersion = root["apiVersion"]?.text else { return [(.skipped, root)] }
        // As kubectl expands it: any kind that ends in List and has items.
        if String(kind).hasSuffix("List"), let items = root["items"], items.isArray {
            return items.elements.flatMap { item -> [(ManifestObject, Value)] in
                // A typed list may leave kind and apiVersion out of its items.
                if item["kind"] == nil, kind == "RegionList" { return [(.judged(.region, item), item)] }
                if item["kind"] == nil, kind == "NodeList" { return [(.judged(.node, item), item)] }
                return all(in: item)
            }
        }
        return [(classify(root, kind, apiVersion), root)]
    }

    private static func classify(_ value: Value, _ kind: Text, _ apiVersion: Text) -> ManifestObject {
        if apiVersion == "v1" {
            if kind == "Node" { return .judged(.node, value) }
            if kind == "Secret" { return .secret(value) }
            return .skipped
        }
        if kind == "Region" {
            if apiVersion == "region.unikorn-cloud.org/v1alpha1" { return .judged(.region, value) }
            let version = GroupVersionKind(apiVersion: String(apiVersion), kind: Region.kind)
            if version.group == Region.group { return .unknownVersion(value, apiVersion: version.apiVersion) }
        }
        if kind == "AdmissionReview", String(apiVersion).hasPrefix("admission.k8s.io/") { return .review(value) }
        return .skipped
    }

    /// How a report names an object: `Region unikorn-region/de-1`.
    static func describe(_ kind: String, _ value: Value) -> String {
        let metadata = value["metadata"]
        let name = ObjectName(
            namespace: metadata?["namespace"]?.text.map { String($0) } ?? "",
            name: metadata?["name"]?.text.map { String($0) } ?? "(without a name)")
        return "\(kind) \(name)"
    }
}
