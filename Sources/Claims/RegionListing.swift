package import KubernetesTypes

/// Which Regions declare which class ids, by one LIST.
package struct RegionListing: Sendable {
    private var regions: [String: [ObjectName]] = [:]

    package init() {}

    /// Notes what one Region declares. Whoever reads the LIST reads leniently: a Region that cannot be decoded, or is being
    /// deleted, declares its ids all the same.
    package mutating func add(_ region: ObjectName, declares ids: some Sequence<String>) {
        for id in ids {
            let id = id.lowercased()
            if !id.isEmpty, regions[id]?.contains(region) != true { regions[id, default: []].append(region) }
        }
    }

    /// Where the ids of claims are declared, the Region itself excluded: by namespace and name, since every attempt of
    /// a create has another uid. Of several Regions that declare one id, the first by name.
    package func declarations(of claims: [Claim], otherThan region: ObjectName) -> [Declaration] {
        claims.compactMap { claim in
            regions[claim.id]?.lazy.filter { $0 != region }.min().map { Declaration(id: claim.id, region: $0) }
        }
    }
}
