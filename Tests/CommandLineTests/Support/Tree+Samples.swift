/// Objects with every field that a published version of the API has, and one fault that another rule finds.
extension Tree {
    private static func metadata(_ labels: [(key: String, value: Tree)]) -> Tree {
        .object([
            ("name", .string(Samples.name)), ("generateName", .string("x")), ("namespace", .string("unikorn-region")),
            ("labels", .object(labels + [("team", .string("a"))])),
            ("annotations", .object([("note", .string("b"))])),
        ])
    }

    private static func region(_ display: String, _ provider: String, _ block: Tree) -> Tree {
        .object([
            ("apiVersion", .string("region.unikorn-cloud.org/v1alpha1")), ("kind", .string("Region")),
            ("metadata", metadata([("unikorn-cloud.org/name", .string(display))])),
            (
                "spec",
                .object([
                    ("provider", .string(provider)), (provider, block),
                    ("tags", .list([.object([("name", .string("a")), ("value", .string("b"))])])),
                    (
                        "security",
                        .object([("organizations", .list([.object([("id", .string(Samples.otherID))])]))])
                    ),
                ])
            ),
        ])
    }

    private static let secret = Tree.object([("namespace", .string("unikorn-region")), ("name", .string("s"))])

    private static let cpu = Tree.object([
        ("count", .integer(8)), ("family", .string("f")), ("architecture", .string("x86_64")),
    ])

    private static let gpu = Tree.object([
        ("vendor", .string("NVIDIA")), ("model", .string("H100")), ("memory", .quantity("80Gi")),
        ("physicalCount", .integer(2)), ("logicalCount", .integer(2)),
    ])

    private static func flavor(_ id: String, _ name: String, memory: String) -> Tree {
        .object([
            ("id", .string(id)), ("name", .string(name)), ("cpu", cpu), ("memory", .quantity(memory)),
            ("disk", .quantity("40Gi")), ("gpu", gpu),
        ])
    }

    /// Its second flavor has no memory: rule `memory`.
    static let kubernetesRegion = region(
        "de-central-0", "kubernetes",
        .object([
            ("domainName", .string("example.com")), ("kubeConfigSecret", secret),
            (
                "nodes",
                .list([
                    flavor(Samples.id, "a", memory: "4Gi"), flavor(Samples.otherID, "b", memory: "0"),
                ])
            ),
        ]))

    /// Its endpoint is no URL of HTTP: rule `openstack-endpoint`.
    static let openstackRegion = region(
        "gb-north-1", "openstack",
        .object([
            ("endpoint", .string("ftp://example.com")), ("serviceAccountSecret", secret),
            ("identity", .object([("clusterRoles", .list([.string("member")]))])),
            (
                "compute",
                .object([
                    ("serverGroupPolicy", .string("soft-anti-affinity")),
                    (
                        "placementPreflight",
                        .object([("enabled", .boolean(true)), ("requiredTraits", .list([.string("t")]))])
                    ),
                    (
                        "flavors",
                        .object([
                            ("selector", .object([("ids", .list([.string("i")]))])),
                            (
                                "metadata",
                                .list([
                                    .object([
                                        ("id", .string("m")), ("memory", .quantity("4Gi")),
                                        ("baremetal", .boolean(true)),
                                        ("pinnedOnly", .boolean(true)), ("cpu", cpu), ("gpu", gpu),
                                    ])
                                ])
                            ),
                        ])
                    ),
                ])
            ),
            (
                "blockStorage",
                .object([
                    (
                        "volumeClasses",
                        .object([
                            ("selector", .object([("ids", .list([.string("v")]))])),
                            (
                                "metadata",
                                .list([
                                    .object([
                                        ("id", .string("v")), ("media", .string("ssd")), ("encrypted", .boolean(true)),
                                        (
                                            "performance",
                                            .object([("maxIOPS", .integer(1)), ("maxThroughputMiBps", .integer(1))])
                                        ),
                                    ])
                                ])
                            ),
                        ])
                    )
                ])
            ),
            ("image", .object([("selector", .object([("signingKey", .string(""))]))])),
            (
                "network",
                .object([
                    (
                        "externalNetworks",
                        .object([
                            ("selector", .object([("ids", .list([.string("n")])), ("tags", .list([.string("t")]))]))
                        ])
                    ),
                    (
                        "providerNetworks",
                        .object([
                            ("physicalNetwork", .string("physnet1")),
                            (
                                "vlan",
                                .object([
                                    ("segments", .list([.object([("startId", .integer(1)), ("endId", .integer(9))])]))
                                ])
                            ),
                        ])
                    ),
                ])
            ),
        ]))

    /// Its class is no UUID: rule `node-class`. What a kubelet reports is not judged.
    static let node = Tree.object([
        ("apiVersion", .string("v1")), ("kind", .string("Node")),
        ("metadata", metadata([("kubernetes.region.unikorn-cloud.org/node-class", .string("banana"))])),
    ])
}
