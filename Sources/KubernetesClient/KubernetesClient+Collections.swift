package import KubernetesTypes
import NIOCore

/// Sees what a watch brings, on the client's event loop.
package protocol WatchObserver: AnyObject, Sendable {
    /// The server has accepted the watch.
    func watchBegan()
    /// An event; the object is valid during the call only.
    func event(_ type: WatchEventType, _ object: Value)
    /// No more events are there for the moment: what came is one batch.
    func batchEnded()
}

extension KubernetesClient {
    /// Lists a collection page by page, each object decoded as it arrives: memory does not grow with the list.
    ///
    /// `visit` runs on the client's event loop; an object is valid during its call only. Should a page fail, what was
    /// visited is a part of the list, or a part twice: throw it away. A continue token that has expired (410) is an error
    /// like others; list anew.
    ///
    /// Without a namespace, all of them. Without `options.resourceVersion` the list is linearizable. `UnreadFields` of the
    /// objects are empty, here and in a watch.
    package func list(
        _ resource: KubernetesResource, namespace: String? = nil, options: ListOptions = ListOptions(),
        visit: @escaping @Sendable (Value) -> Void
    ) async throws(KubernetesError) -> ListResult {
        var continueToken = ""
        while true {
            var request = KubernetesRequest(.get, resource.path(namespace: namespace))
            request.timeout = options.timeout
            request.query = [("limit", String(options.limit))]
            if let selector = options.labelSelector { request.query.append(("labelSelector", selector)) }
            if continueToken.isEmpty {
                if let version = options.resourceVersion { request.query.append(("resourceVersion", version)) }
            } else {
                // It holds the resourceVersion of the first page.
                request.query.append(("continue", continueToken))
            }
            let page = try await perform(request) { ListReceiver(hiding: $0, visit: visit) }
            guard page.continueToken != continueToken || continueToken.isEmpty else {
                throw KubernetesError(.invalidResponse("the list goes on with the page it is at"))
            }
            continueToken = page.continueToken
            if continueToken.isEmpty { return ListResult(resourceVersion: page.resourceVersion) }
        }
    }

    /// Watches a collection on a connection of its own, until the server ends the watch in good order, or an error.
    ///
    /// Throws the API's own error (410 where the resourceVersion is too old), and whatever ends the stream otherwise; what
    /// was observed before is good.
    package func watch(
        _ resource: KubernetesResource, namespace: String? = nil, options: WatchOptions, observer: any WatchObserver
    ) async throws(KubernetesError) {
        var request = KubernetesRequest(.get, resource.path(namespace: namespace))
        request.query = [
            ("watch", "1"), ("allowWatchBookmarks", "true"), ("resourceVersion", options.resourceVersion),
            ("timeoutSeconds", String(options.timeoutSeconds)),
        ]
        if let selector = options.labelSelector { request.query.append(("labelSelector", selector)) }
        request.timeout = .seconds(Int64(options.timeoutSeconds)) + WatchOptions.grace
        _ = try await perform(request, isDedicated: true) { WatchReceiver(hiding: $0, observer: observer) }
    }
}
