import Documents
package import KubernetesTypes

/// One document of a fixture, as the JSON that the API server would send.
package struct FixtureObject: Sendable {
    package let kind: String
    package let namespace: String?
    package let name: String
    package let json: [UInt8]

    /// The documents of a YAML or JSON text; empty ones are left out.
    package static func all(in text: String) throws -> [FixtureObject] {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes { bytes in
            var objects: [FixtureObject] = []
            let reader = YAMLDocumentReader()
            reader.open(bytes)
            while let document = try reader.next() {
                guard document.root.isObject else { continue }
                objects.append(FixtureObject(document.root))
            }
            return objects
        }
    }

    package init(_ root: Value) {
        kind = root["kind"]?.text.map { String($0) } ?? ""
        namespace = root["metadata"]?["namespace"]?.text.map { String($0) }
        name = root["metadata"]?["name"]?.text.map { String($0) } ?? ""
        json = root.jsonText
    }

    package init(json: String) throws {
        self = try ParsedJSON(json).read { FixtureObject($0) }
    }

    package var isReview: Bool { kind == "AdmissionReview" }
    /// Whether rules are about it.
    package var isJudged: Bool { kind == "Region" || kind == "Node" || isReview }

    /// The request that the API server makes of it: the review itself, or the CREATE of the object.
    package var reviewBody: [UInt8] { isReview ? json : ReviewBody(creating: self).bytes }
}
