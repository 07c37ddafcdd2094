/// The catalogue: every rule, in the order in which findings about one object are made. A rule that is not here does
/// not exist; a test holds the table against `RuleID` and against the fixtures.
extension Rule {
    package static let documentRules: [Rule] = [syntax, duplicateKey, type, unknownField, objectDuplicate]

    package static let regionRules: [Rule] = [
        // Identity
        regionName, regionNameLetter, regionNamespace, regionDisplayName, regionDisplayNameUnique, regionProvider,
        regionProviderKnown, regionProviderBlock, regionProviderExtraBlock, regionProviderImmutable, regionTagsUnique,
        regionOrganizations, regionDomainName, regionRestart, regionDeleteInUse,
        // Provider kubernetes
        kubeconfigSecret, kubeconfigSecretNamespace, kubeconfigSecretExists, kubeconfigSecretContent,
        kubeconfigCertificateExpiry, nodesEmpty, nodeID, nodeIDVersion, nodeIDDuplicate, nodeIDUnique, nodeIDRemoved,
        nodeName, nodeNameSyntax, nodeNameDuplicate, nodeNameStale, cpuCount, cpuCountSmall, cpuFamilyIgnored,
        cpuArchitectureIgnored, memory, memoryWhole, memorySmall, disk, gpuVendor, gpuModel, gpuCount, gpuCountRatio,
        gpuCountStale, gpuMemory,
        // Provider openstack
        openstackEndpoint, openstackSecret, openstackSecretExists, openstackFlavorID, openstackQuantity, openstackGPU,
        openstackVLAN, openstackSigningKey,
    ]

    package static let nodeRules: [Rule] = [
        nodeClass, nodeClassVersion, nodeClassUniform, nodeClassDeclared, nodeClassMatchesFlavor, nodeClassChanged,
        nodeClassRemoved, nodeClassControlPlane, nodeClassExclusive,
    ]

    package static let catalogue: [Rule] = documentRules + regionRules + nodeRules

    package static func rule(_ id: RuleID) -> Rule? { catalogue.first { $0.id == id } }
}
