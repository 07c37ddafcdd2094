// An API server that is nothing but large: `cluster-bench DIRECTORY NODES REGIONS` lists that many Nodes and Regions, page by
// page, holds every watch open, and writes a kubeconfig for itself to DIRECTORY/kubeconfig. It says "ready" and serves until
// it is ended.

import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import TLS

let arguments = CommandLine.arguments
guard arguments.count == 4, let nodes = Int(arguments[2]), let regions = Int(arguments[3]) else {
    print("usage: cluster-bench DIRECTORY NODES REGIONS")
    exit(2)
}

/// What is listed: made when it is asked for, so that this server needs no memory for it.
struct Collection {
    /// Flavors of a Region, as in a large catalogue.
    static let flavors = 8

    let head: String
    let count: Int
    let object: @Sendable (Int) -> String

    func page(_ start: Int, _ limit: Int) -> String {
        let end = min(start + limit, count)
        let rest = end < count ? #","continue":"\#(end)","remainingItemCount":\#(count - end)"# : ""
        return #"\#(head),"metadata":{"resourceVersion":"1000000"\#(rest)},"items":["#
            + (start..<end).map(object).joined(separator: ",") + "]}\n"
    }

    static func digits(_ number: Int, _ radix: Int, _ width: Int) -> String {
        let text = String(number, radix: radix)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    static func nodeClass(_ number: Int) -> String { "4be04a2e-87e6-4ff2-b34b-\(digits(number, 16, 12))" }

    /// Of 14 KB, as a kubelet with some fifty images reports it; the names are as long as those of clouds are.
    static func nodes(_ count: Int, classes: Int) -> Collection {
        let images = (0..<50).map { number in
            #"{"names":["registry.example.com/library/image-\#(number)@sha256:\#(String(repeating: "0123456789abcdef", count: 4))","registry.example.com/library/image-\#(number):v1.\#(number)"],"sizeBytes":\#(10_000_000 + number)}"#
        }.joined(separator: ",")
        let conditions = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map {
            #"{"type":"\#($0)","status":"False","lastHeartbeatTime":"2026-11-26T06:00:00Z","lastTransitionTime":"2026-11-01T06:00:00Z","reason":"Kubelet\#($0)","message":"kubelet has something to say of \#($0)"}"#
        }.joined(separator: ",")
        return Collection(head: #"{"kind":"NodeList","apiVersion":"v1""#, count: count) { number in
            let name = "worker-\(digits(number, 10, 7)).pool-a.eu-central-1.compute.internal"
            let nodeClass = nodeClass(number % classes)
            // Equal machines, whose firmware leaves the kernel not quite as much of their memory each.
            let memory = 131_923_000 + number / classes % 4 * 4
            return
                #"{"metadata":{"name":"\#(name)","uid":"\#(digits(number, 16, 8))-0000-4000-8000-000000000000","resourceVersion":"\#(number + 1)","creationTimestamp":"2026-11-01T06:00:00Z","labels":{"beta.kubernetes.io/arch":"amd64","beta.kubernetes.io/os":"linux","kubernetes.io/arch":"amd64","kubernetes.io/hostname":"\#(name)","kubernetes.io/os":"linux","kubernetes.region.unikorn-cloud.org/node-class":"\#(nodeClass)","node.kubernetes.io/instance-type":"m7.large"},"annotations":{"node.alpha.kubernetes.io/ttl":"0","volumes.kubernetes.io/controller-managed-attach-detach":"true"}},"spec":{"podCIDR":"10.0.0.0/24","providerID":"example:///\#(name)"},"status":{"capacity":{"cpu":"64","ephemeral-storage":"1055744992Ki","hugepages-2Mi":"0","memory":"\#(memory)Ki","pods":"110"},"allocatable":{"cpu":"63","ephemeral-storage":"972974584Ki","memory":"\#(memory - 1_000_000)Ki","pods":"110"},"conditions":[\#(conditions)],"addresses":[{"type":"InternalIP","address":"10.0.0.1"},{"type":"Hostname","address":"\#(name)"}],"nodeInfo":{"machineID":"m","systemUUID":"s","bootID":"b","kernelVersion":"6.1.0","osImage":"Debian GNU/Linux 12","containerRuntimeVersion":"containerd://2.0.0","kubeletVersion":"v1.36.2","kubeProxyVersion":"","operatingSystem":"linux","architecture":"amd64"},"images":[\#(images)]}}"#
        }
    }

    static func regions(_ count: Int) -> Collection {
        Collection(head: #"{"kind":"RegionList","apiVersion":"region.unikorn-cloud.org/v1alpha1""#, count: count) {
            number in
            let nodes = (0..<flavors).map { flavor in
                #"{"id":"\#(nodeClass(number * flavors + flavor))","name":"cpu64-mem125-disk1006-\#(flavor)","cpu":{"count":64},"memory":"125Gi","disk":"1006Gi"}"#
            }.joined(separator: ",")
            return
                #"{"apiVersion":"region.unikorn-cloud.org/v1alpha1","kind":"Region","metadata":{"name":"fe4ecbe4-421d-4f25-8b11-\#(digits(number, 16, 12))","namespace":"unikorn-region","uid":"\#(digits(number, 16, 8))-0000-4000-8000-000000000001","resourceVersion":"\#(number + 1)","labels":{"unikorn-cloud.org/name":"region-\#(number)"}},"spec":{"provider":"kubernetes","kubernetes":{"kubeConfigSecret":{"namespace":"unikorn-region","name":"kubeconfig-\#(number)"},"nodes":[\#(nodes)]}}}"#
        }
    }
}

let listing: [String: Collection] = [
    "/api/v1/nodes": .nodes(nodes, classes: max(1, regions * Collection.flavors)),
    "/apis/region.unikorn-cloud.org/v1alpha1/regions": .regions(regions),
]

/// One connection.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let listing: [String: Collection]
    private var uri = ""

    init(_ listing: [String: Collection]) { self.listing = listing }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): uri = head.uri
        case .body: break
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        let parts = uri.split(separator: "?", maxSplits: 1).map { String($0) }
        let query = parts.count > 1 ? parts[1].split(separator: "&").map { String($0) } : []
        func value(_ name: String) -> String? {
            query.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        guard let collection = listing[parts.first ?? ""] else {
            send("{}", .notFound, isEnd: true, context)
            return
        }
        // A watch brings nothing and does not end.
        if value("watch") == "1" { return send("", .ok, isEnd: false, context) }
        let start = value("continue").flatMap { Int($0) } ?? 0
        send(collection.page(start, value("limit").flatMap { Int($0) } ?? collection.count), .ok, isEnd: true, context)
    }

    private func send(_ text: String, _ status: HTTPResponseStatus, isEnd: Bool, _ context: ChannelHandlerContext) {
        var head = HTTPResponseHead(version: .http1_1, status: status)
        head.headers.add(name: "Content-Type", value: "application/json")
        if isEnd { head.headers.add(name: "Content-Length", value: String(text.utf8.count)) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !text.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        }
        if isEnd { context.write(wrapOutboundOut(.end(nil)), promise: nil) }
        context.flush()
    }
}

let directory = arguments[1]
let files = try DevelopmentCertificates.write(directory: directory, names: [.ip("127.0.0.1")])
let tls = try TLSServerContextProvider(
    TLSServerConfiguration(certificateChainFile: files.serverCertificate, privateKeyFile: files.serverKey)
).current
let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(TLSServerHandler(context: tls))
            try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
            try pipeline.addHandler(Connection(listing))
        }
    }
    .bind(host: "127.0.0.1", port: 0).get()

let kubeconfig = """
    apiVersion: v1
    kind: Config
    current-context: bench
    clusters: [{name: bench, cluster: {server: "https://127.0.0.1:\(channel.localAddress?.port ?? 0)", certificate-authority: ca.crt}}]
    users: [{name: bench, user: {token: bench}}]
    contexts: [{name: bench, context: {cluster: bench, user: bench}}]

    """
guard let file = fopen(directory + "/kubeconfig", "w") else { exit(1) }
fputs(kubeconfig, file)
fclose(file)
print("ready")
fflush(nil)
try await channel.closeFuture.get()
