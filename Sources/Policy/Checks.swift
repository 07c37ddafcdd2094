import RegionAPI

/// The checks of the catalogue by when they run, picked out of it once: a rule is mostly text, and a request has no use
/// for that.
struct Checks: Sendable {
    typealias OfRegionInventory = @Sendable (RegionRecord, RegionChange, Surroundings, inout Findings) -> Void

    static let all = Checks(Rule.catalogue)

    private(set) var region: [@Sendable (RegionReview, inout Findings) -> Void] = []
    private(set) var flavor: [@Sendable (Flavor, RegionReview, inout Findings) -> Void] = []
    private(set) var regionInventory: [OfRegionInventory] = []
    private(set) var regionDelete: [@Sendable (RegionRecord, Surroundings, inout Findings) -> Void] = []
    private(set) var node: [@Sendable (NodeReview, inout Findings) -> Void] = []
    private(set) var nodeInventory: [@Sendable (NodeRecord, Surroundings, inout Findings) -> Void] = []
    /// Of `node-id-unique`, the one rule that judges even an object that is being deleted.
    private(set) var uniqueness: OfRegionInventory = { _, _, _, _ in }

    private init(_ rules: [Rule]) {
        for rule in rules {
            switch rule.check {
            case .reading: break
            case .region(let check): region.append(check)
            case .flavor(let check): flavor.append(check)
            case .regionInventory(let check):
                regionInventory.append(check)
                if rule.id == .nodeIDUnique { uniqueness = check }
            case .regionDelete(let check): regionDelete.append(check)
            case .node(let check): node.append(check)
            case .nodeInventory(let check): nodeInventory.append(check)
            }
        }
    }
}
