package import KubernetesTypes
package import Policy
import Synchronization

extension KubernetesClient {
    /// Lists what an inventory holds of a kind, once.
    ///
    /// A kind that the API does not have, or does not show, is a gap in it; whatever else fails is thrown. `visit` sees each
    /// object but for its `UnreadFields`, on the client's event loop; it is valid during the call only. Nodes without a class
    /// are left out.
    package func inventory(
        of kind: Inventory.Kind, visit: @escaping @Sendable (Value) -> Void = { _ in }
    ) async throws(KubernetesError) -> Inventory {
        let inventory = Mutex(Inventory())
        var options = ListOptions()
        options.labelSelector = kind.labelSelector
        do throws(KubernetesError) {
            _ = try await list(kind.resource, options: options) { object in
                inventory.withLock { $0.keep(object, kind) }
                visit(object)
            }
        } catch {
            guard let gap = kind.gap(because: error) else { throw error }
            inventory.withLock { $0.set(gap, for: kind) }
        }
        return inventory.withLock { $0 }
    }
}

extension Inventory.Kind {
    /// What somebody has to put right before this kind can be listed; nil for any other failure.
    func gap(because error: KubernetesError?) -> Inventory.Gap? {
        guard let error else { return nil }
        if error.isForbidden { return Inventory.Gap(reason: "the webhook may not list \(rawValue)", isPassing: false) }
        guard error.isNotFound else { return nil }
        return Inventory.Gap(
            reason: "the API has no \(rawValue) (is its CustomResourceDefinition installed?)", isPassing: false)
    }
}
