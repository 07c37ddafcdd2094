package import KubernetesTypes

/// The fields that some published version of an API has, and their types.
///
/// It serves what decoding does not: the offline warning about unknown fields, and the types of fields that no rule
/// reads. Region: the CRDs of v1.3.0 (June 2025) and July 2026.
package indirect enum Schema: Sendable {
    /// A map with keys of its users', or a part that this project does not judge.
    case anything
    case string
    case integer
    case boolean
    /// A string or an integer (`x-kubernetes-int-or-string`).
    case quantity
    case object([Field])
    case list(Schema)

    /// A field of an object. Objects have a dozen fields at most: comparing their names is faster than hashing one.
    package struct Field: Sendable {
        let name: StaticString
        let schema: Schema

        init(_ name: StaticString, _ schema: Schema) {
            self.name = name
            self.schema = schema
        }
    }

    private static func schema(of key: Text, in fields: [Field]) -> Schema? {
        // By index: a loop over the fields themselves would count a reference to each schema that it passes.
        for index in fields.indices where key == fields[index].name { return fields[index].schema }
        return nil
    }

    /// A field that no schema knows.
    package struct UnknownField {
        package let path: FieldPath
        package let value: Value
        /// The fields that there are in its place.
        package let known: [String]
    }

    /// Calls `report` for every field of `value` that is not known.
    ///
    /// Recurses once a level of the schema, not of the document. Paths are made on the way: looking each up from the root
    /// would cost the square of their number.
    package func visitUnknown(in value: Value, _ report: (UnknownField) -> Void) {
        var steps: [Step] = []
        visitUnknown(in: value, &steps, report)
    }

    /// A step of a path to a known field, which is made into a component only where something is reported below it.
    private enum Step {
        case field(StaticString)
        case index(Int)

        var component: FieldPath.Component {
            switch self {
            case .field(let name): .field("\(name)")
            case .index(let index): .index(index)
            }
        }
    }

    private func visitUnknown(in value: Value, _ steps: inout [Step], _ report: (UnknownField) -> Void) {
        switch self {
        case .anything, .string, .integer, .boolean, .quantity: return
        case .list(let element):
            for (index, value) in value.elements.enumerated() {
                steps.append(.index(index))
                element.visitUnknown(in: value, &steps, report)
                steps.removeLast()
            }
        case .object(let fields):
            for (key, value) in value.fields {
                guard let index = fields.indices.first(where: { key == fields[$0].name }) else {
                    let path = FieldPath(components: steps.map(\.component) + [.field(String(key))])
                    report(UnknownField(path: path, value: value, known: fields.map { "\($0.name)" }.sorted()))
                    continue
                }
                steps.append(.field(fields[index].name))
                fields[index].schema.visitUnknown(in: value, &steps, report)
                steps.removeLast()
            }
        }
    }

    /// Notes the values of another type than the schema's that the decoder has not noted yet.
    func noteMismatches(in value: Value, _ decoder: inout Decoder) {
        let noted = Set(decoder.mismatches.map(\.value.index))
        noteMismatches(in: value, except: noted, &decoder)
    }

    /// The wrong types in the metadata of an object where the decoder does not look. The API server refuses them before
    /// it calls anybody, so they are of interest offline only.
    package static func undecodedMismatches(inMetadataOf object: Value) -> [TypeMismatch] {
        guard let value = object["metadata"], value.isObject else { return [] }
        var decoder = Decoder()
        _ = ObjectMeta(value, &decoder)
        let decoded = decoder.mismatches.count
        metadata.noteMismatches(in: value, &decoder)
        return Array(decoder.mismatches.dropFirst(decoded))
    }

    /// More than anybody reads: a list of a million numbers where strings are due is one mistake.
    private static let maximumMismatches = 1_000

    private func noteMismatches(in value: Value, except noted: Set<Int>, _ decoder: inout Decoder) {
        guard !value.isNull, !noted.contains(value.index), decoder.mismatches.count < Self.maximumMismatches else {
            return
        }
        switch self {
        case .anything: return
        case .string: note(value, value.text != nil, "a string", &decoder)
        case .integer: note(value, value.int != nil, "an integer", &decoder)
        case .boolean: note(value, value.bool != nil, "a boolean", &decoder)
        case .quantity: note(value, value.text != nil || value.int != nil, "a quantity", &decoder)
        case .list(let element):
            note(value, value.isArray, "an array", &decoder)
            for value in value.elements { element.noteMismatches(in: value, except: noted, &decoder) }
        case .object(let fields):
            note(value, value.isObject, "an object", &decoder)
            for (key, value) in value.fields {
                Self.schema(of: key, in: fields)?.noteMismatches(in: value, except: noted, &decoder)
            }
        }
    }

    private func note(_ value: Value, _ fits: Bool, _ expected: StaticString, _ decoder: inout Decoder) {
        if !fits { decoder.mismatch(value, expected: expected) }
    }

    private static let metadata = Schema.object([
        Field("name", .string), Field("generateName", .string), Field("namespace", .string), Field("selfLink", .string),
        Field("uid", .string),
        Field("resourceVersion", .string), Field("generation", .integer), Field("creationTimestamp", .string),
        Field("deletionTimestamp", .string), Field("deletionGracePeriodSeconds", .integer),
        Field("labels", .anything),
        Field("annotations", .anything), Field("ownerReferences", .list(ownerReference)),
        Field("finalizers", .list(.string)),
        Field("managedFields", .anything),
    ])

    private static let ownerReference = Schema.object([
        Field("apiVersion", .string), Field("kind", .string), Field("name", .string), Field("uid", .string),
        Field("controller", .boolean), Field("blockOwnerDeletion", .boolean),
    ])

    private static let secret = Schema.object([Field("name", .string), Field("namespace", .string)])
    private static let cpu = Schema.object([
        Field("count", .integer), Field("family", .string), Field("architecture", .string),
    ])
    private static let gpu = Schema.object([
        Field("vendor", .string), Field("model", .string), Field("memory", .quantity), Field("physicalCount", .integer),
        Field("logicalCount", .integer),
    ])

    private static let kubernetes = Schema.object([
        Field("domainName", .string),
        Field("kubeConfigSecret", secret),
        Field(
            "nodes",
            .list(
                .object([
                    Field("id", .string), Field("name", .string), Field("cpu", cpu), Field("memory", .quantity),
                    Field("disk", .quantity), Field("gpu", gpu),
                ]))),
    ])

    static let openstack = Schema.object([
        Field("endpoint", .string),
        Field("serviceAccountSecret", secret),
        Field("identity", .object([Field("clusterRoles", .list(.string))])),
        Field("compute", compute),
        Field("blockStorage", blockStorage),
        Field("image", .object([Field("selector", .object([Field("signingKey", .string)]))])),
        Field(
            "network",
            .object([
                Field(
                    "externalNetworks",
                    .object([Field("selector", .object([Field("ids", .list(.string)), Field("tags", .list(.string))]))])
                ),
                Field(
                    "providerNetworks",
                    .object([
                        Field("physicalNetwork", .string),
                        Field(
                            "vlan",
                            .object([
                                Field(
                                    "segments", .list(.object([Field("startId", .integer), Field("endId", .integer)])))
                            ])),
                    ])),
            ])),
    ])

    private static let compute = Schema.object([
        Field("serverGroupPolicy", .string),
        Field("placementPreflight", .object([Field("enabled", .boolean), Field("requiredTraits", .list(.string))])),
        Field(
            "flavors",
            .object([
                Field("selector", .object([Field("ids", .list(.string))])),
                Field(
                    "metadata",
                    .list(
                        .object([
                            Field("id", .string), Field("memory", .quantity), Field("baremetal", .boolean),
                            Field("pinnedOnly", .boolean), Field("cpu", cpu),
                            Field("gpu", gpu),
                        ]))),
            ])),
    ])

    private static let blockStorage = Schema.object([
        Field(
            "volumeClasses",
            .object([
                Field("selector", .object([Field("ids", .list(.string))])),
                Field(
                    "metadata",
                    .list(
                        .object([
                            Field("id", .string), Field("media", .string), Field("encrypted", .boolean),
                            Field(
                                "performance",
                                .object([Field("maxIOPS", .integer), Field("maxThroughputMiBps", .integer)])),
                        ]))),
            ]))
    ])

    /// A Region, whole.
    package static let region = Schema.object([
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", metadata),
        Field("status", .anything),
        Field(
            "spec",
            .object([
                Field("provider", .string),
                Field("kubernetes", kubernetes),
                Field("openstack", openstack),
                Field("tags", .list(.object([Field("name", .string), Field("value", .string)]))),
                Field("security", .object([Field("organizations", .list(.object([Field("id", .string)])))])),
            ])),
    ])

    /// A Node down to its metadata: spec and status are the core API's.
    package static let node = Schema.object([
        Field("apiVersion", .string), Field("kind", .string), Field("metadata", metadata), Field("spec", .anything),
        Field("status", .anything),
    ])
}
