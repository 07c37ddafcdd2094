/// A Region to start from: right in every way, with as many flavors as asked for.
package enum RegionText {
    /// The ids of flavors, version 4 UUIDs.
    package static func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits + "-87e6-4ff2-b34b-2994ee1600ba"
    }

    package static let name = "fe4ecbe4-421d-4f25-8b11-69593adfef5d"

    /// A flavor; each argument replaces a field by other JSON, or by nothing where it is nil.
    package static func flavor(
        _ number: Int, id: String?? = .none, name: String?? = .none, cpu: String? = #"{"count":2}"#,
        memory: String? = #""4Gi""#, disk: String? = #""40Gi""#, gpu: String? = nil
    ) -> String {
        let fields: [(String, String?)] = [
            ("id", id ?? "\"\(self.id(number))\""), ("name", name ?? "\"flavor-\(number)\""), ("cpu", cpu),
            ("memory", memory), ("disk", disk), ("gpu", gpu),
        ]
        return object(fields)
    }

    package static func gpu(
        vendor: String? = #""NVIDIA""#, model: String? = #""H100""#, memory: String? = #""80Gi""#,
        physical: String? = "8", logical: String? = "8"
    ) -> String {
        object([
            ("vendor", vendor), ("model", model), ("memory", memory), ("physicalCount", physical),
            ("logicalCount", logical),
        ])
    }

    package static func region(
        _ flavors: [String] = [flavor(1)], name: String = name, namespace: String = "unikorn-region",
        displayName: String = "de-central-0", metadata: String = "", spec: String = ""
    ) -> String {
        """
        {"apiVersion":"region.unikorn-cloud.org/v1alpha1","kind":"Region","metadata":{"namespace":"\(namespace)",\
        "name":"\(name)","labels":{"unikorn-cloud.org/name":"\(displayName)"}\(metadata)},"spec":{"provider":\
        "kubernetes","kubernetes":{"kubeConfigSecret":{"namespace":"\(namespace)","name":"de-central-0-kubeconfig"},\
        "nodes":[\(flavors.joined(separator: ","))]}\(spec)}}
        """
    }

    private static func object(_ fields: [(String, String?)]) -> String {
        "{" + fields.compactMap { key, value in value.map { "\"\(key)\":\($0)" } }.joined(separator: ",") + "}"
    }
}
