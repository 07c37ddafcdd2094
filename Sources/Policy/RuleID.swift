/// The id of every rule: what a user reads in brackets, writes after `--rule`, and finds in metrics and reports.
///
/// Ids are an interface: one is never renamed or given another meaning.
package enum RuleID: String, CaseIterable, Sendable {
    // Any document
    case syntax
    case duplicateKey = "duplicate-key"
    case type
    case unknownField = "unknown-field"
    case objectDuplicate = "object-duplicate"

    // Region: identity
    case regionName = "region-name"
    case regionNameLetter = "region-name-letter"
    case regionNamespace = "region-namespace"
    case regionDisplayName = "region-display-name"
    case regionDisplayNameUnique = "region-display-name-unique"
    case regionProvider = "region-provider"
    case regionProviderKnown = "region-provider-known"
    case regionProviderBlock = "region-provider-block"
    case regionProviderExtraBlock = "region-provider-extra-block"
    case regionProviderImmutable = "region-provider-immutable"
    case regionTagsUnique = "region-tags-unique"
    case regionOrganizations = "region-organizations"
    case regionDomainName = "region-domain-name"
    case regionRestart = "region-restart"
    case regionDeleteInUse = "region-delete-in-use"

    // Region: kubernetes provider
    case kubeconfigSecret = "kubeconfig-secret"
    case kubeconfigSecretNamespace = "kubeconfig-secret-namespace"
    case kubeconfigSecretExists = "kubeconfig-secret-exists"
    case kubeconfigSecretContent = "kubeconfig-secret-content"
    case kubeconfigCertificateExpiry = "kubeconfig-certificate-expiry"
    case nodesEmpty = "nodes-empty"
    case nodeID = "node-id"
    case nodeIDVersion = "node-id-version"
    case nodeIDDuplicate = "node-id-duplicate"
    case nodeIDUnique = "node-id-unique"
    case nodeIDRemoved = "node-id-removed"
    case nodeName = "node-name"
    case nodeNameSyntax = "node-name-syntax"
    case nodeNameDuplicate = "node-name-duplicate"
    case nodeNameStale = "node-name-stale"
    case cpuCount = "cpu-count"
    case cpuCountSmall = "cpu-count-small"
    case cpuFamilyIgnored = "cpu-family-ignored"
    case cpuArchitectureIgnored = "cpu-architecture-ignored"
    case memory
    case memoryWhole = "memory-whole"
    case memorySmall = "memory-small"
    case disk
    case gpuVendor = "gpu-vendor"
    case gpuModel = "gpu-model"
    case gpuCount = "gpu-count"
    case gpuCountRatio = "gpu-count-ratio"
    case gpuCountStale = "gpu-count-stale"
    case gpuMemory = "gpu-memory"

    // Region: openstack provider
    case openstackEndpoint = "openstack-endpoint"
    case openstackSecret = "openstack-secret"
    case openstackSecretExists = "openstack-secret-exists"
    case openstackFlavorID = "openstack-flavor-id"
    case openstackQuantity = "openstack-quantity"
    case openstackGPU = "openstack-gpu"
    case openstackVLAN = "openstack-vlan"
    case openstackSigningKey = "openstack-signing-key"

    // Node
    case nodeClass = "node-class"
    case nodeClassVersion = "node-class-version"
    case nodeClassUniform = "node-class-uniform"
    case nodeClassDeclared = "node-class-declared"
    case nodeClassMatchesFlavor = "node-class-matches-flavor"
    case nodeClassChanged = "node-class-changed"
    case nodeClassRemoved = "node-class-removed"
    case nodeClassControlPlane = "node-class-control-plane"
    case nodeClassExclusive = "node-class-exclusive"
}
