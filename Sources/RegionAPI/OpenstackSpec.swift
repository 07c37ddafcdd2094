package import KubernetesTypes

/// `spec.openstack`: a region of OpenStack, as far as rules read it.
package struct OpenstackSpec {
    package let value: Value
    package var endpoint: Field<Text> = .absent
    package var serviceAccountSecret: Field<SecretReference> = .absent
    package var flavors: Field<[OpenstackFlavor]> = .absent
    /// `image.selector.signingKey`, base64.
    package var signingKey: Field<Text> = .absent
    /// `network.providerNetworks.vlan.segments`.
    package var vlanSegments: Field<[VLANSegment]> = .absent

    init(_ value: Value, _ decoder: inout Decoder) {
        self.value = value
        for (key, value) in value.fields {
            if key == "endpoint" {
                endpoint = decoder.text(value)
            } else if key == "serviceAccountSecret" {
                serviceAccountSecret = decoder.object(value, SecretReference.init)
            } else if key == "compute" {
                if let list = decoder.descend(value, "flavors", "metadata") {
                    flavors = decoder.objects(list, OpenstackFlavor.init)
                }
            } else if key == "image" {
                if let key = decoder.descend(value, "selector", "signingKey") { signingKey = decoder.text(key) }
            } else if key == "network" {
                if let list = decoder.descend(value, "providerNetworks", "vlan", "segments") {
                    vlanSegments = decoder.objects(list, VLANSegment.init)
                }
            }
        }
    }
}

/// `compute.flavors.metadata[]`: what OpenStack cannot say of its flavors itself.
package struct OpenstackFlavor {
    package let value: Value
    package let index: Int
    package var id: Field<Text> = .absent
    package var memory: Field<QuantityField> = .absent
    package var cpu: Field<CPU> = .absent
    package var gpu: Field<GPU> = .absent

    init(_ value: Value, _ index: Int, _ decoder: inout Decoder) {
        self.value = value
        self.index = index
        for (key, value) in value.fields {
            if key == "id" {
                id = decoder.text(value)
            } else if key == "memory" {
                memory = decoder.quantity(value)
            } else if key == "cpu" {
                cpu = decoder.object(value, CPU.init)
            } else if key == "gpu" {
                gpu = decoder.object(value, GPU.init)
            }
        }
    }
}

/// `network.providerNetworks.vlan.segments[]`: a block of VLAN ids, both ends included.
package struct VLANSegment {
    package let value: Value
    package let index: Int
    package var startID: Field<Int64> = .absent
    package var endID: Field<Int64> = .absent

    init(_ value: Value, _ index: Int, _ decoder: inout Decoder) {
        self.value = value
        self.index = index
        for (key, value) in value.fields {
            if key == "startId" {
                startID = decoder.integer(value)
            } else if key == "endId" {
                endID = decoder.integer(value)
            }
        }
    }
}

extension Decoder {
    /// Follows nested objects to a field; notes one on the way that is no object.
    mutating func descend(_ value: Value, _ keys: StaticString...) -> Value? {
        var current = value
        for key in keys {
            guard case .present(let object) = object(current), let next = object[key] else { return nil }
            current = next
        }
        return current
    }
}
