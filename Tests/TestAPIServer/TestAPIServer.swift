package import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import TLS

/// A scripted Kubernetes API server on a port of 127.0.0.1: real sockets and TLS, create, read, update, delete, list and
/// watch with resourceVersions, conflicts, preconditions, bookmarks and 410, and faults on demand.
///
/// Everything may be called from any thread. What is stored is plain JSON: no schema is checked.
package final class TestAPIServer: @unchecked Sendable {
    package let caPEM: [UInt8]
    package let caFile: String
    package private(set) var port = 0
    private let lock = NSLock()
    private var store = APIStore()
    private var watches: [ObjectIdentifier: APIWatch] = [:]
    private var snapshots: [String: (version: Int, rest: [APIStore.Key], objects: [APIStore.Key: [String: Any]])] = [:]
    private var fault: (@Sendable (APIRequest) -> APIFault?)?
    private var channel: (any Channel)?
    private var connections: [any Channel] = []
    private var accepts = 0
    private var log: [String] = []
    private var tokens: Set<String>?
    private var forbidden: Set<String> = []
    private var missing: Set<String> = []
    private var accessReview: (@Sendable (Data) -> Bool) = { _ in true }

    /// With a CA, clients must show a certificate of it.
    package init(clientCAFile: String? = nil) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "test-api-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        // For clocks that a test sets, too.
        let validity = CertificateAuthority.Validity(
            start: Int64(Date().timeIntervalSince1970) - 60 * 86_400, days: 120)
        let authority = try CertificateAuthority(commonName: "test API server", validity: validity)
        let serving = try authority.issueServerCertificate(
            names: [.dns("localhost"), .ip("127.0.0.1")], commonName: "test API server", validity: validity)
        caPEM = try authority.issued.certificatePEM
        caFile = directory.path + "/ca.crt"
        let (certificateFile, keyFile) = (directory.path + "/tls.crt", directory.path + "/tls.key")
        for (path, bytes) in [
            (caFile, caPEM), (certificateFile, serving.certificatePEM), (keyFile, serving.privateKeyPEM),
        ] {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        }
        let context = try TLSServerContextProvider(
            TLSServerConfiguration(
                certificateChainFile: certificateFile, privateKeyFile: keyFile,
                clientCAFile: clientCAFile)
        ).current
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    accepted(channel)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(TLSServerHandler(context: context))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
                    try pipeline.addHandler(APIConnection(server: self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.channel = channel
        port = channel.localAddress?.port ?? 0
    }

    /// A kubeconfig for this server, with a token.
    package func kubeconfig(token: String = "test-token", server: String? = nil, user: String? = nil) -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: test
          cluster:
            server: \(server ?? "https://127.0.0.1:\(port)")
            certificate-authority-data: \(Data(caPEM).base64EncodedString())
        users:
        - name: test
          user: \(user ?? "{token: \(token)}")
        contexts:
        - name: test
          context: {cluster: test, user: test}

        """
    }

    /// The same, written to a file of its own: its path.
    package func kubeconfigFile(token: String = "test-token", server: String? = nil, user: String? = nil) throws
        -> String
    {
        let path = "\(caFile).\(UUID().uuidString).kubeconfig"
        try Data(kubeconfig(token: token, server: server, user: user).utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Closes everything.
    package func stop() async {
        let open = locked { connections + [channel].compactMap { $0 } }
        for channel in open { channel.close(mode: .all, promise: nil) }
        for channel in open { try? await channel.closeFuture.get() }
    }

    private func accepted(_ channel: any Channel) {
        locked {
            connections.append(channel)
            accepts += 1
        }
        channel.closeFuture.whenComplete { [self] _ in locked { connections.removeAll { $0 === channel } } }
    }

    func locked<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
        lock.lock()
        defer { lock.unlock() }
        return try body()
    }

    // MARK: Scripts

    /// Asked of each request; nil is the truth.
    package func setFault(_ fault: (@Sendable (APIRequest) -> APIFault?)?) { locked { self.fault = fault } }
    /// The only tokens that are accepted; nil accepts all.
    package func accept(tokens: Set<String>?) { locked { self.tokens = tokens } }
    /// Answers 403 to everything about these collections: `nodes`, `regions.region.unikorn-cloud.org`.
    package func forbid(_ collections: Set<String>) { locked { forbidden = collections } }
    /// Answers 404 to everything about these collections, as where a CRD is missing.
    package func remove(_ collections: Set<String>) { locked { missing = collections } }
    /// Decides SubjectAccessReviews, given their JSON.
    package func decideAccess(_ decide: @escaping @Sendable (Data) -> Bool) { locked { accessReview = decide } }
    /// Method and path (with its query) of every request so far.
    package var requests: [String] { locked { log } }
    package var openConnections: Int { locked { connections.count } }
    /// Since the start.
    package var connectionCount: Int { locked { accepts } }
    package var openWatches: Int { locked { watches.count } }
    package func forgetRequests() { locked { log = [] } }
    /// Closes every connection at once.
    package func cutConnections() { for channel in locked({ connections }) { channel.close(mode: .all, promise: nil) } }
    /// Forgets old events: watches from before are answered with 410.
    package func compact() { locked { store.compact() } }
    /// Ends every watch that is open; with how many there were.
    @discardableResult
    package func endWatches(_ fault: WatchFault) -> Int {
        let open = locked { Array(watches.values) }
        for watch in open { watch.end(fault) }
        return open.count
    }
    /// Has every watch send a bookmark of the present version.
    package func sendBookmarks() {
        locked { for watch in watches.values { watch.bookmark(store.version) } }
    }

    // MARK: Objects

    /// Stores an object, new or in place of the old one. A JSON text.
    package func apply(_ text: String, to target: APIRequest.Target) throws {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        let name = APIStore.metadata(object)["name"] as? String ?? ""
        try locked {
            var target = target
            target.namespace = APIStore.metadata(object)["namespace"] as? String ?? target.namespace
            if (try? store.get(target, name: name)) != nil {
                _ = try store.replace(object, target, name: name)
            } else {
                _ = try store.create(object, target)
            }
            publish()
        }
    }

    package func delete(_ name: String, from target: APIRequest.Target) throws {
        try locked {
            try store.delete(target, name: name, uid: nil, resourceVersion: nil)
            publish()
        }
    }

    /// Names of a collection as `namespace/name`, sorted.
    package func names(of target: APIRequest.Target) -> [String] {
        locked {
            store.keys(target, matching: nil).map { $0.namespace.isEmpty ? $0.name : "\($0.namespace)/\($0.name)" }
        }
    }

    /// The JSON of an object, nil where it does not exist.
    package func object(_ name: String, of target: APIRequest.Target) -> Data? {
        locked {
            (try? store.get(target, name: name)).flatMap { try? JSONSerialization.data(withJSONObject: $0) }
        }
    }

    private func publish() {
        for watch in watches.values { watch.send(store.events) }
    }

    // MARK: Requests

    func fault(for request: APIRequest) -> APIFault? {
        let query = request.query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        let fault = locked {
            log.append("\(request.method) \(request.path)" + (query.isEmpty ? "" : "?\(query)"))
            return self.fault
        }
        return fault?(request)
    }

    /// The truth.
    func answer(_ request: APIRequest) -> APIAnswer {
        locked {
            do throws(APIStore.Failure) {
                return try execute(request)
            } catch {
                return APIAnswer.status(error.code, error.reason, error.message)
            }
        }
    }

    private func execute(_ request: APIRequest) throws(APIStore.Failure) -> APIAnswer {
        if let tokens, !tokens.contains(request.token ?? "") {
            throw APIStore.Failure(code: 401, reason: "Unauthorized", message: "Unauthorized")
        }
        guard let target = request.target, !missing.contains(target.collection) else {
            return APIAnswer(status: 404, contentType: "text/plain", body: Data("404 page not found\n".utf8))
        }
        if forbidden.contains(target.collection) {
            throw APIStore.Failure(
                code: 403, reason: "Forbidden", message: "\(target.resource) is forbidden: User cannot list resource")
        }
        let object = (try? JSONSerialization.jsonObject(with: request.body)) as? [String: Any] ?? [:]
        switch (request.method, target.name) {
        case ("POST", nil) where target.resource == "subjectaccessreviews":
            var review = object
            review["status"] = ["allowed": accessReview(request.body)]
            return APIAnswer(201, review)
        case ("POST", nil):
            defer { publish() }
            return APIAnswer(201, try store.create(object, target))
        case ("GET", nil): return try list(request, target)
        case ("GET", let name?): return APIAnswer(200, try store.get(target, name: name))
        case ("PUT", let name?):
            defer { publish() }
            return APIAnswer(200, try store.replace(object, target, name: name))
        case ("PATCH", let name?):
            defer { publish() }
            let old = try store.get(target, name: name)
            return APIAnswer(200, try store.replace(Self.merged(old, object), target, name: name))
        case ("DELETE", let name?):
            defer { publish() }
            let preconditions = object["preconditions"] as? [String: String] ?? [:]
            try store.delete(
                target, name: name, uid: preconditions["uid"], resourceVersion: preconditions["resourceVersion"])
            return APIAnswer(200, ["kind": "Status", "apiVersion": "v1", "status": "Success"])
        default: throw APIStore.Failure(code: 405, reason: "MethodNotAllowed", message: "method not allowed")
        }
    }

    /// RFC 7386.
    private static func merged(_ old: [String: Any], _ patch: [String: Any]) -> [String: Any] {
        var result = old
        for (key, value) in patch {
            if value is NSNull {
                result[key] = nil
            } else if let part = value as? [String: Any] {
                result[key] = merged(old[key] as? [String: Any] ?? [:], part)
            } else {
                result[key] = value
            }
        }
        return result
    }

    private func list(_ request: APIRequest, _ target: APIRequest.Target) throws(APIStore.Failure) -> APIAnswer {
        let selector = Self.selector(request)
        var page: (version: Int, rest: [APIStore.Key], objects: [APIStore.Key: [String: Any]])
        if let token = request.query["continue"] {
            guard let kept = snapshots.removeValue(forKey: token) else {
                throw APIStore.Failure(
                    code: 410, reason: "Expired", message: "The provided continue parameter is too old")
            }
            page = kept
        } else {
            page = (store.version, store.keys(target, matching: selector), store.objects)
        }
        let limit = request.query["limit"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? page.rest.count
        let items = page.rest.prefix(limit).compactMap { page.objects[$0] }
        page.rest = Array(page.rest.dropFirst(limit))
        var metadata: [String: Any] = ["resourceVersion": String(page.version)]
        if !page.rest.isEmpty {
            let token = UUID().uuidString
            snapshots[token] = page
            metadata["continue"] = token
        }
        return APIAnswer(
            200, ["kind": "List", "apiVersion": target.apiVersion, "metadata": metadata, "items": items])
    }

    /// Has continue tokens expire.
    package func expireContinueTokens() { locked { snapshots = [:] } }

    /// A label that must be there is the only selector this server knows.
    private static func selector(_ request: APIRequest) -> (([String: Any]) -> Bool)? {
        request.query["labelSelector"].map { label in { APIStore.labels($0)[label] != nil } }
    }

    /// Begins a watch, or says why not.
    func beginWatch(_ request: APIRequest, _ watch: APIWatch) -> APIAnswer? {
        locked {
            if let tokens, !tokens.contains(request.token ?? "") { return .status(401, "Unauthorized", "Unauthorized") }
            guard let target = request.target, !missing.contains(target.collection) else {
                return APIAnswer(status: 404, contentType: "text/plain", body: Data("404 page not found\n".utf8))
            }
            if forbidden.contains(target.collection) { return .status(403, "Forbidden", "forbidden") }
            let version = request.query["resourceVersion"].flatMap { Int($0) } ?? store.version
            if version < store.compacted {
                watch.begin()
                watch.end(.expired)
                return nil
            }
            watches[ObjectIdentifier(watch)] = watch
            watch.begin()
            watch.follow(target, from: version, Self.selector(request), in: store.events)
            return nil
        }
    }

    func ended(_ watch: APIWatch) {
        locked { watches[ObjectIdentifier(watch)] = nil }
    }
}
