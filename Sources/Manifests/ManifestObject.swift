import Admission
import KubernetesTypes
import Policy
import RegionAPI

/// An object of a manifest, by what this program does with it.
enum ManifestObject {
    /// It has rules.
    case judged(ObjectReview.Kind)
    /// Rules read it about others.
    case secret
    /// A recorded AdmissionReview.
    case review
    /// A Region of a version this program does not know.
    case unknownVersion(String)
    /// Nothing can tell what it is, though it was meant to be an object.
    case unidentified([Fault])
    /// Of no interest here.
    case skipped

    /// What is wrong with the fields that identify an object.
    struct Fault {
        let field: String
        let reason: FieldReason
        /// The value found, as messages show it.
        let shown: String?
        let detail: String
    }

    static let regionVersion = "\(Region.group)/v1alpha1"

    /// The objects of a document, those of a List one by one.
    static func all(in root: Value) -> [(object: ManifestObject, value: Value)] {
        guard let kind = root["kind"]?.text else { return [(classify(root), root)] }
        let name = String(kind)
        // As kubectl expands it: any kind that ends in List and has items.
        guard name.hasSuffix("List"), let items = root["items"], !items.isNull else { return [(classify(root), root)] }
        guard items.isArray else { return [(list(name, items), root)] }
        let kindOfItems = String(name.dropLast("List".count))
        let version = root["apiVersion"]?.text
        return items.elements.flatMap { item -> [(ManifestObject, Value)] in
            // A typed list leaves kind and apiVersion out of its items.
            if !kindOfItems.isEmpty, item["kind"] == nil, item["apiVersion"] == nil, let version {
                return [(classify(kindOfItems, String(version)), item)]
            }
            return all(in: item)
        }
    }

    private static func classify(_ value: Value) -> ManifestObject {
        let kind = value["kind"].flatMap { $0.isNull ? nil : $0 }
        let version = value["apiVersion"].flatMap { $0.isNull ? nil : $0 }
        let (kindName, versionName) = (kind?.text.map { String($0) }, version?.text.map { String($0) })
        if let kindName, let versionName { return classify(kindName, versionName) }
        if let kind, let version {
            let fields = [("apiVersion", version), ("kind", kind)]
            return .unidentified(fields.filter { $0.1.text == nil }.map(Fault.init(noString:)))
        }
        if version == nil, kindName == Region.kind {
            return .unidentified([Fault(missing: "apiVersion", regionVersion)])
        }
        if version == nil, kindName == Node.kind { return .unidentified([Fault(missing: "apiVersion", "v1")]) }
        if kind == nil, let versionName, versionName.hasPrefix(Region.group + "/") {
            return .unidentified([Fault(missing: "kind", Region.kind)])
        }
        // Values of a chart, a kustomization, whatever else is YAML.
        return .skipped
    }

    private static func classify(_ kind: String, _ apiVersion: String) -> ManifestObject {
        switch (apiVersion, kind) {
        case ("v1", Node.kind): .judged(.node)
        case ("v1", "Secret"): .secret
        case (regionVersion, Region.kind): .judged(.region)
        case (_, Region.kind) where apiVersion.hasPrefix(Region.group + "/"): .unknownVersion(apiVersion)
        case (_, AdmissionReview.kind) where apiVersion.hasPrefix(AdmissionReview.group + "/"): .review
        default: .skipped
        }
    }

    /// A list whose items are none.
    private static func list(_ kind: String, _ items: Value) -> ManifestObject {
        guard ["List", "RegionList", "NodeList"].contains(kind) else { return .skipped }
        return .unidentified([
            Fault(
                field: "items", reason: .typeInvalid, shown: Findings.show(items),
                detail: "expected an array, found \(items.kind.phrase)")
        ])
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

extension ManifestObject.Fault {
    fileprivate init(noString field: (name: String, value: Value)) {
        self.init(
            field: field.name, reason: .typeInvalid, shown: Findings.show(field.value),
            detail: "expected a string, found \(field.value.kind.phrase)")
    }

    fileprivate init(missing field: String, _ expected: String) {
        self.init(
            field: field, reason: .required, shown: nil,
            detail: "write \(field): \(expected); the object was not judged")
    }
}
