package import NIOCore

/// How a collection is listed (upstream: `metav1.ListOptions`).
package struct ListOptions: Sendable {
    package var labelSelector: String?
    /// Nil is a linearizable read: what was stored before the call began is seen. "0" is whatever the API server's cache
    /// holds.
    package var resourceVersion: String?
    /// Objects of a page. Only one of them at a time is held here, whatever the number; the API server holds them all.
    package var limit = ListOptions.defaultLimit
    /// For each page.
    package var timeout = ListOptions.defaultTimeout

    /// That of client-go's pager.
    package static let defaultLimit = 500
    /// A page of large objects from a busy server takes seconds. The API server's own limit of a request is 60 s.
    package static let defaultTimeout = TimeAmount.seconds(60)

    package init() {}
}

/// The end of a list.
package struct ListResult: Hashable, Sendable {
    /// That of the whole list, for a watch that goes on from it.
    package let resourceVersion: String

    package init(resourceVersion: String) {
        self.resourceVersion = resourceVersion
    }
}

/// How a collection is watched.
package struct WatchOptions: Sendable {
    package var labelSelector: String?
    /// Where to go on.
    package var resourceVersion: String
    /// After this the server ends the watch in good order.
    package var timeoutSeconds = 300
    /// The client ends it if the server does not, this much later.
    package static let grace = TimeAmount.seconds(15)

    package init(resourceVersion: String) {
        self.resourceVersion = resourceVersion
    }
}

/// One event of a watch (upstream: `metav1.WatchEvent`).
package enum WatchEventType: String, Sendable {
    case added = "ADDED"
    case modified = "MODIFIED"
    case deleted = "DELETED"
    /// The object holds a resourceVersion and nothing else.
    case bookmark = "BOOKMARK"
}
