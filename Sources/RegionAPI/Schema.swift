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
    case object([String: Schema])
    case list(Schema)

    /// Calls `report` for every field of `value` that is not known.
    package func visitUnknown(in value: Value, _ report: (_ key: Text, _ value: Value, _ known: [String]) -> Void) {
        switch self {
        case .anything, .string, .integer, .boolean, .quantity: return
        case .list(let element):
            for value in value.elements { element.visitUnknown(in: value, report) }
        case .object(let fields):
            for (key, value) in value.fields {
                if let known = fields[String(key)] {
                    known.visitUnknown(in: value, report)
                } else {
                    report(key, value, fields.keys.sorted())
                }
            }
        }
    }

    /// Notes the values of another type than the schema's that the decoder has not noted yet.
    func noteMismatches(in value: Value, _ decoder: inout Decoder) {
        let noted = Set(decoder.mismatches.map(\.value.index))
        noteMismatches(in: value, except: noted, &decoder)
    }

    /// More than anybody reads: a list of a million numbers where strings are due is one mistake.
    private static let maximumMismatches = 1_000

    private func noteMismatches(in value: Value, except noted: Set<Int>, _ decoder: inout Decoder) {
        guard !value.isNull, !noted.contains(value.index), decoder.mismatches.count < Self.maximumMismatches else { return }
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
                fields[String(key)]?.noteMismatches(in: value, except: noted, &decoder)
            }
        }
    }

    private func note(_ value: Value, _ fits: Bool, _ expected: StaticString, _ decoder: inout Decoder) {
        if !fits { decoder.mismatch(value, expected: expected) }
    }

    private static let metadata = Schema.object([
        "name": .string, "generateName": .string, "namespace": .string, "selfLink": .string, "uid": .string,
        "resourceVersion": .string, "generation": .integer, "creationTimestamp": .anything,
        "deletionTimestamp": .anything, "deletionGracePeriodSeconds": .integer, "labels": .anything,
        "annotations": .anything, "ownerReferences": .anything, "finalizers": .list(.string),
        "managedFields": .anything,
    ])

    private static let secret = Schema.object(["name": .string, "namespace": .string])
    private static let cpu = Schema.object(["count": .integer, "family": .string, "architecture": .string])
    private static let gpu = Schema.object([
        "vendor": .string, "model": .string, "memory": .quantity, "physicalCount": .integer, "logicalCount": .integer,
    ])

    private static let kubernetes = Schema.object([
        "domainName": .string,
        "kubeConfigSecret": secret,
        "nodes": .list(
            .object([
                "id": .string, "name": .string, "cpu": cpu, "memory": .quantity, "disk": .quantity, "gpu": gpu,
            ])),
    ])

    static let openstack = Schema.object([
        "endpoint": .string,
        "serviceAccountSecret": secret,
        "identity": .object(["clusterRoles": .list(.string)]),
        "compute": compute,
        "blockStorage": blockStorage,
        "image": .object(["selector": .object(["signingKey": .string])]),
        "network": .object([
            "externalNetworks": .object(["selector": .object(["ids": .list(.string), "tags": .list(.string)])]),
            "providerNetworks": .object([
                "physicalNetwork": .string,
                "vlan": .object(["segments": .list(.object(["startId": .integer, "endId": .integer]))]),
            ]),
        ]),
    ])

    private static let compute = Schema.object([
        "serverGroupPolicy": .string,
        "placementPreflight": .object(["enabled": .boolean, "requiredTraits": .list(.string)]),
        "flavors": .object([
            "selector": .object(["ids": .list(.string)]),
            "metadata": .list(
                .object([
                    "id": .string, "memory": .quantity, "baremetal": .boolean, "pinnedOnly": .boolean, "cpu": cpu,
                    "gpu": gpu,
                ])),
        ]),
    ])

    private static let blockStorage = Schema.object([
        "volumeClasses": .object([
            "selector": .object(["ids": .list(.string)]),
            "metadata": .list(
                .object([
                    "id": .string, "media": .string, "encrypted": .boolean,
                    "performance": .object(["maxIOPS": .integer, "maxThroughputMiBps": .integer]),
                ])),
        ])
    ])

    /// A Region, whole.
    package static let region = Schema.object([
        "apiVersion": .string,
        "kind": .string,
        "metadata": metadata,
        "status": .anything,
        "spec": .object([
            "provider": .string,
            "kubernetes": kubernetes,
            "openstack": openstack,
            "tags": .list(.object(["name": .string, "value": .string])),
            "security": .object(["organizations": .list(.object(["id": .string]))]),
        ]),
    ])

    /// A Node down to its metadata: spec and status are the core API's.
    package static let node = Schema.object([
        "apiVersion": .string, "kind": .string, "metadata": metadata, "spec": .anything, "status": .anything,
    ])
}
