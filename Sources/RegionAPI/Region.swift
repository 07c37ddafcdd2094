package import KubernetesTypes

/// A Region, as far as rules read it (upstream: `region.unikorn-cloud.org/v1alpha1`, v1.3.0 and July 2026).
///
/// It is a view of the document it was decoded from. A field of the wrong type is `.invalid` and stands in
/// `mismatches`; everything else was decoded all the same. A class, for it is handed on often and is half a kilobyte.
package final class Region {
    package static let group = "region.unikorn-cloud.org"
    package static let kind = "Region"
    package static let resource = "regions"

    /// The whole object.
    package let value: Value
    package let metadata: ObjectMeta
    /// Label `unikorn-cloud.org/name`.
    package let displayName: Field<Text>
    package let spec: Field<Value>
    package let provider: Field<Text>
    package let kubernetes: Field<KubernetesSpec>
    package let openstack: Field<OpenstackSpec>
    package let tags: Field<[Tag]>
    package let organizations: Field<[Organization]>
    package let mismatches: [TypeMismatch]
    /// The flavors of `kubernetes`, empty where there are none.
    package let flavors: [Flavor]

    package init(_ value: Value) {
        var decoder = Decoder()
        var metadata = ObjectMeta()
        var spec = Field<Value>.absent
        if case .present(let object) = decoder.object(value) {
            for (key, value) in object.fields {
                if key == "metadata" {
                    if case .present(let value) = decoder.object(value) { metadata = ObjectMeta(value, &decoder) }
                } else if key == "spec" {
                    spec = decoder.object(value)
                }
            }
        }
        var fields = SpecFields()
        if case .present(let spec) = spec { fields.decode(spec, &decoder) }
        if let openstack = fields.openstack.content { Schema.openstack.noteMismatches(in: openstack.value, &decoder) }
        self.value = value
        self.metadata = metadata
        self.spec = spec
        displayName = metadata.label(RegionLabel.displayName)
        provider = fields.provider
        kubernetes = fields.kubernetes
        openstack = fields.openstack
        tags = fields.tags
        organizations = fields.organizations
        flavors = fields.kubernetes.content?.nodes.content ?? []
        mismatches = decoder.mismatches
    }
}

/// What a Region's `spec` holds, while it is decoded.
private struct SpecFields {
    var provider: Field<Text> = .absent
    var kubernetes: Field<KubernetesSpec> = .absent
    var openstack: Field<OpenstackSpec> = .absent
    var tags: Field<[Tag]> = .absent
    var organizations: Field<[Organization]> = .absent

    mutating func decode(_ spec: Value, _ decoder: inout Decoder) {
        for (key, value) in spec.fields {
            if key == "provider" {
                provider = decoder.text(value)
            } else if key == "kubernetes" {
                kubernetes = decoder.object(value, KubernetesSpec.init)
            } else if key == "openstack" {
                openstack = decoder.object(value, OpenstackSpec.init)
            } else if key == "tags" {
                tags = decoder.objects(value) { value, _, decoder in Tag(value, &decoder) }
            } else if key == "security" {
                guard case .present(let security) = decoder.object(value) else { continue }
                if let list = security["organizations"] {
                    organizations = decoder.objects(list) { value, _, decoder in Organization(value, &decoder) }
                }
            }
        }
    }
}

/// Labels of this API, as constants of the upstream's `pkg/constants`.
package enum RegionLabel {
    /// The name that the region API reports, on a Region.
    package static let displayName: StaticString = "unikorn-cloud.org/name"
    /// The class of a machine, on a Node.
    package static let nodeClass: StaticString = "kubernetes.region.unikorn-cloud.org/node-class"
}

/// `spec.tags[]`: free data of users.
package struct Tag {
    package let value: Value
    package var name: Field<Text> = .absent
    package var content: Field<Text> = .absent

    init(_ value: Value, _ decoder: inout Decoder) {
        self.value = value
        for (key, value) in value.fields {
            if key == "name" {
                name = decoder.text(value)
            } else if key == "value" {
                content = decoder.text(value)
            }
        }
    }
}

/// `spec.security.organizations[]`: who may see the region.
package struct Organization {
    package let value: Value
    package var id: Field<Text> = .absent

    init(_ value: Value, _ decoder: inout Decoder) {
        self.value = value
        if let id = value["id"] { self.id = decoder.text(id) }
    }
}

/// A reference to a Secret.
package struct SecretReference {
    package let value: Value
    package var name: Field<Text> = .absent
    package var namespace: Field<Text> = .absent

    init(_ value: Value, _ decoder: inout Decoder) {
        self.value = value
        for (key, value) in value.fields {
            if key == "name" {
                name = decoder.text(value)
            } else if key == "namespace" {
                namespace = decoder.text(value)
            }
        }
    }
}

extension Decoder {
    /// A nested type, where the value is an object.
    mutating func object<Content>(_ value: Value, _ decode: (Value, inout Decoder) -> Content) -> Field<Content> {
        switch object(value) {
        case .present(let value): .present(decode(value, &self))
        case .absent: .absent
        case .invalid: .invalid
        }
    }
}
