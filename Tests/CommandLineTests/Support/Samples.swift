/// Objects that tests change a part of.
enum Samples {
    static let name = "fe4ecbe4-421d-4f25-8b11-69593adfef5d"
    static let id = "4be04a2e-87e6-4ff2-b34b-2994ee1600ba"
    static let otherName = "c7e8492f-c320-4278-8201-48cd38fed38b"
    static let otherID = "1c9d7a5e-0f4b-4a6c-9d2e-3b8f7a6c5d4e"

    /// A Region without a fault; 17 lines.
    static func region(
        name: String = Samples.name, display: String = "de-central-0", id: String = Samples.id, memory: String = "4Gi",
        secret: String = "de-central-0-kubeconfig", namespace: String? = "unikorn-region"
    ) -> String {
        let place = namespace.map { "  namespace: \($0)\n" } ?? ""
        return """
            apiVersion: region.unikorn-cloud.org/v1alpha1
            kind: Region
            metadata:
            \(place)  name: \(name)
              labels:
                unikorn-cloud.org/name: \(display)
            spec:
              provider: kubernetes
              kubernetes:
                kubeConfigSecret: {namespace: unikorn-region, name: \(secret)}
                nodes:
                - id: \(id)
                  name: bratwurst
                  cpu: {count: 2}
                  disk: 40Gi
                  memory: \(memory)

            """
    }

    /// A Region of provider openstack; without a fault where its endpoint is https.
    static func openstackRegion(scheme: String = "https", secret: String) -> String {
        """
        apiVersion: region.unikorn-cloud.org/v1alpha1
        kind: Region
        metadata:
          namespace: unikorn-region
          name: \(otherName)
          labels: {unikorn-cloud.org/name: gb-north-1}
        spec:
          provider: openstack
          openstack:
            endpoint: \(scheme)://openstack.example.com:5000
            serviceAccountSecret: \(secret)

        """
    }

    static func node(name: String = "worker-0", nodeClass: String = Samples.id) -> String {
        """
        apiVersion: v1
        kind: Node
        metadata:
          name: \(name)
          labels:
            kubernetes.region.unikorn-cloud.org/node-class: \(nodeClass)
        status:
          capacity: {cpu: "2", memory: 4194304Ki, ephemeral-storage: 41943040Ki, pods: "110"}

        """
    }

    /// The number-th of many Regions that have nothing in common.
    static func numbered(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        let tail = String(repeating: "0", count: 12 - digits.count) + digits
        return region(
            name: "fe4ecbe4-421d-4f25-8b11-\(tail)", display: "region-\(number)",
            id: "4be04a2e-87e6-4ff2-b34b-\(tail)")
    }

    static let configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
}
