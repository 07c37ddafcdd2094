package import KubernetesTypes

/// `spec.kubernetes`: a cluster that is a region.
package struct KubernetesSpec {
    package let value: Value
    package var domainName: Field<Text> = .absent
    package var kubeConfigSecret: Field<SecretReference> = .absent
    package var nodes: Field<[Flavor]> = .absent

    init(_ value: Value, _ decoder: inout Decoder) {
        self.value = value
        for (key, value) in value.fields {
            if key == "domainName" {
                domainName = decoder.text(value)
            } else if key == "kubeConfigSecret" {
                kubeConfigSecret = decoder.object(value, SecretReference.init)
            } else if key == "nodes" {
                nodes = decoder.objects(value, Flavor.init)
            }
        }
    }
}

/// `spec.kubernetes.nodes[]`: one class of machines, shown to users as a flavor.
package struct Flavor {
    package let value: Value
    /// Its place in the list, from 0.
    package let index: Int
    package var id: Field<Text> = .absent
    /// The id, where it is a canonical UUID.
    package var uuid: UUIDKey?
    package var name: Field<Text> = .absent
    package var cpu: Field<CPU> = .absent
    package var memory: Field<QuantityField> = .absent
    package var disk: Field<QuantityField> = .absent
    package var gpu: Field<GPU> = .absent

    init(_ value: Value, _ index: Int, _ decoder: inout Decoder) {
        self.value = value
        self.index = index
        for (key, value) in value.fields {
            if key == "id" {
                id = decoder.text(value)
                if let text = id.content { uuid = UUIDKey(canonical: text) }
            } else if key == "name" {
                name = decoder.text(value)
            } else if key == "cpu" {
                cpu = decoder.object(value, CPU.init)
            } else if key == "memory" {
                memory = decoder.quantity(value)
            } else if key == "disk" {
                disk = decoder.quantity(value)
            } else if key == "gpu" {
                gpu = decoder.object(value, GPU.init)
            }
        }
    }
}

/// `cpu` of a flavor.
package struct CPU {
    package let value: Value
    package var count: Field<Int64> = .absent
    package var family: Field<Text> = .absent
    package var architecture: Field<Text> = .absent

    init(_ value: Value, _ decoder: inout Decoder) {
        self.value = value
        for (key, value) in value.fields {
            if key == "count" {
                count = decoder.integer(value)
            } else if key == "family" {
                family = decoder.text(value)
            } else if key == "architecture" {
                architecture = decoder.text(value)
            }
        }
    }
}

/// `gpu` of a flavor.
package struct GPU {
    package let value: Value
    package var vendor: Field<Text> = .absent
    package var model: Field<Text> = .absent
    package var memory: Field<QuantityField> = .absent
    package var physicalCount: Field<Int64> = .absent
    package var logicalCount: Field<Int64> = .absent

    init(_ value: Value, _ decoder: inout Decoder) {
        self.value = value
        for (key, value) in value.fields {
            if key == "vendor" {
                vendor = decoder.text(value)
            } else if key == "model" {
                model = decoder.text(value)
            } else if key == "memory" {
                memory = decoder.quantity(value)
            } else if key == "physicalCount" {
                physicalCount = decoder.integer(value)
            } else if key == "logicalCount" {
                logicalCount = decoder.integer(value)
            }
        }
    }
}

/// A quantity as it stands in an object, a string or an integer, with what parsing it gave.
package struct QuantityField {
    /// What a quantity amounts to. The quantity itself is not kept: a flavor is copied often, and no rule needs more.
    package enum Amount: Equatable, Sendable {
        /// No quantity; `error` says why.
        case malformed
        case notPositive
        /// More than 2⁶³−1.
        case tooLarge
        /// The number of whole units (bytes), rounded up.
        case units(Int64)
    }

    package let value: Value
    package let amount: Amount

    init(_ value: Value, _ quantity: Quantity) {
        self.value = value
        if !quantity.isPositive {
            amount = .notPositive
        } else if let units = quantity.value {
            amount = .units(units)
        } else {
            amount = .tooLarge
        }
    }

    /// A quantity whose whole units are known.
    init(_ value: Value, units: Int64) {
        self.value = value
        amount = units > 0 ? .units(units) : .notPositive
    }

    init(malformed value: Value) {
        self.value = value
        amount = .malformed
    }

    /// Whole units, where it is a positive quantity of at most 2⁶³−1.
    package var units: Int64? {
        if case .units(let units) = amount { units } else { nil }
    }

    /// Why it is no quantity; parsed again, for a message only.
    package var error: QuantityError? {
        guard amount == .malformed, let text = value.text else { return nil }
        do throws(QuantityError) {
            _ = try Quantity(text)
            return nil
        } catch {
            return error
        }
    }
}

extension Decoder {
    /// The CRD's int-or-string: an integer, or a string with a suffix.
    mutating func quantity(_ value: Value) -> Field<QuantityField> {
        if let text = value.text {
            if let units = Quantity.plainValue(text) { return .present(QuantityField(value, units: units)) }
            guard let quantity = try? Quantity(text) else { return .present(QuantityField(malformed: value)) }
            return .present(QuantityField(value, quantity))
        }
        if let int = value.int { return .present(QuantityField(value, units: int)) }
        // An integer like any other, if too large a size: the rule about sizes says so.
        if let large = value.largeUnsigned { return .present(QuantityField(value, Quantity(unsigned: large))) }
        if value.isNull { return .absent }
        mismatch(value, expected: "a quantity (a string such as \"40Gi\", or an integer)")
        return .invalid
    }
}
