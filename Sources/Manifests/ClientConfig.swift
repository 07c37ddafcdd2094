import Documents
import KubernetesTypes

/// Where a webhook's `clientConfig` stands in its file.
struct ClientConfig {
    /// A `caBundle` that is there already.
    struct Bundle {
        let key: SourcePosition
        let value: SourcePosition
        let text: String?
        let isNull: Bool
    }

    /// Where its value starts.
    let position: SourcePosition
    let isObject: Bool
    /// Where the first field in its own text starts: those of a merge stand elsewhere.
    let firstField: SourcePosition?
    let hasFields: Bool
    let bundle: Bundle?

    init(_ value: Value) {
        let position = value.position ?? .unknown
        self.position = position
        isObject = value.isObject
        let keys = value.fields.compactMap { $0.value.keyPosition }
        firstField = keys.filter { $0 >= position }.min()
        hasFields = !keys.isEmpty
        bundle = value["caBundle"].map { value in
            Bundle(
                key: value.keyPosition ?? .unknown, value: value.position ?? .unknown,
                text: value.text.map { String($0) }, isNull: value.isNull)
        }
    }

    /// Those of all webhook configurations in a stream.
    static func all(in manifests: [UInt8]) throws(CABundleError) -> [ClientConfig] {
        let result = manifests.withUnsafeBytes { bytes -> Result<[ClientConfig], DocumentError> in
            let reader = YAMLDocumentReader()
            reader.open(bytes)
            var found: [ClientConfig] = []
            do throws(DocumentError) {
                while let document = try reader.next() { collect(document.root, into: &found) }
                return .success(found)
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let found): return found
        case .failure(let error): throw .manifests(error)
        }
    }

    private static func collect(_ object: Value, into found: inout [ClientConfig]) {
        guard let kind = object["kind"]?.text else { return }
        if kind == "List" {
            object["items"]?.elements.forEach { collect($0, into: &found) }
        } else if kind == "MutatingWebhookConfiguration" || kind == "ValidatingWebhookConfiguration" {
            object["webhooks"]?.elements.forEach { webhook in
                if let config = webhook["clientConfig"] { found.append(ClientConfig(config)) }
            }
        }
    }
}
