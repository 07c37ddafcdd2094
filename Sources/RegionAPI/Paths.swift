package import KubernetesTypes

/// The paths of a Region's fields, declared once.
package enum RegionPath {
    package static let name = FieldPath("metadata", "name")
    package static let namespace = FieldPath("metadata", "namespace")
    package static let displayName = FieldPath("metadata", "labels").key("\(RegionLabel.displayName)")
    package static let spec = FieldPath("spec")
    package static let provider = FieldPath("spec", "provider")
    package static let tags = FieldPath("spec", "tags")
    package static let organizations = FieldPath("spec", "security", "organizations")

    package static let kubernetes = FieldPath("spec", "kubernetes")
    package static let domainName = kubernetes.field("domainName")
    package static let kubeConfigSecret = kubernetes.field("kubeConfigSecret")
    package static let nodes = kubernetes.field("nodes")

    package static let openstack = FieldPath("spec", "openstack")
    package static let endpoint = openstack.field("endpoint")
    package static let serviceAccountSecret = openstack.field("serviceAccountSecret")
    package static let openstackFlavors = openstack.field("compute").field("flavors").field("metadata")
    package static let signingKey = openstack.field("image").field("selector").field("signingKey")
    package static let vlanSegments =
        openstack.field("network").field("providerNetworks").field("vlan").field("segments")
}

/// The paths of a Node's fields, declared once.
package enum NodePath {
    package static let nodeClass = FieldPath("metadata", "labels").key("\(RegionLabel.nodeClass)")
}

extension Flavor {
    /// `spec.kubernetes.nodes[index]`.
    package var path: FieldPath { RegionPath.nodes.index(index) }
}

extension OpenstackFlavor {
    /// `spec.openstack.compute.flavors.metadata[index]`.
    package var path: FieldPath { RegionPath.openstackFlavors.index(index) }
}

extension VLANSegment {
    /// `spec.openstack.network.providerNetworks.vlan.segments[index]`.
    package var path: FieldPath { RegionPath.vlanSegments.index(index) }
}
