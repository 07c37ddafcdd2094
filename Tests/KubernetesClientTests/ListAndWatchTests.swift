@testable import KubernetesClient
import KubernetesTypes
import NIOCore
import TestAPIServer
import Testing

@Suite struct ListAndWatchTests {
    private static func node(_ name: String, labels: String = "") -> String {
        #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"\#(name)","labels":{\#(labels)}},"x":"items\"]}{"}"#
    }

    @Test func aListIsReadPageByPage() async throws {
        try await withServer { server, client in
            for index in 0..<25 { try server.apply(Self.node("node-\(100 + index)"), to: .nodes) }
            var options = ListOptions()
            options.limit = 10
            let names = Log<String>()
            let result = try await client.list(.nodes, options: options) { node in
                names.append(node["metadata"]?["name"]?.text.map { String($0) } ?? "?")
            }
            #expect(names.elements == (0..<25).map { "node-\(100 + $0)" })
            #expect(result.resourceVersion == "1025")
            #expect(server.requests.count == 3)
        }
    }

    @Test func anExpiredContinueTokenIsAnError() async throws {
        try await withServer { server, client in
            for index in 0..<5 { try server.apply(Self.node("node-\(index)"), to: .nodes) }
            server.setFault { [unowned server] request in
                if request.query["continue"] != nil { server.expireContinueTokens() }
                return nil
            }
            var options = ListOptions()
            options.limit = 2
            let error = await failure { [options] () async throws(KubernetesError) in
                _ = try await client.list(.nodes, options: options) { _ in }
            }
            #expect(error?.isExpired == true)
        }
    }

    @Test(arguments: [
        (#"<html><body>Please sign in</body></html>"#, "not JSON"),
        (#"{"kind":"NodeList","metadata":{},"items":[1]}"#, "no object"),
        (#"{"kind":"NodeList","metadata":{},"items":[{"a":1}"#, "cut short"),
        (#"{"kind":"NodeList","metadata":{},"items":[{"a":}]}"#, "not JSON"),
        (#"{"kind":"Node","metadata":{"name":"x"}}"#, "no list"),
        (#"{"kind":"NodeList","items":[]}"#, "no list"),
        ("", "cut short"),
        (#"{"kind":"NodeList","metadata":{"continue":"\#(String(repeating: "x", count: 70_000))"}"#, "no list"),
    ]) func whatIsNoListIsRefused(_ body: String, _ reason: String) async throws {
        try await withServer { server, client in
            server.setFault { _ in .answer(200, body: body) }
            let error = await failure { () async throws(KubernetesError) in _ = try await client.list(.nodes) { _ in } }
            guard case .invalidResponse(let text) = error?.kind else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(text.contains(reason), "\(text)")
            #expect(!text.contains("sign in"))
        }
    }

    /// Of nine tenths of a Node no more is read than where they end.
    @Test func whatNoRuleReadsIsLeftOut() throws {
        let node = { (fields: String, list: String) in
            #"{"kind":"Node","metadata":{"name":"a","managedFields":\#(list)},"#
                + #""status":{"capacity":{"cpu":"1"},"images":\#(list),"conditions":\#(list)},"x":\#(fields)}"#
        }
        let whole = node("[1]", #"[{"names":["b"],"f:x":{}}]"#)
        let seen = RecordingObserver()
        let list = ListReceiver(hiding: nil) { seen.event(.added, $0) }
        try list.consume(ByteBuffer(string: #"{"kind":"NodeList","metadata":{},"items":["# + whole + "]}"))
        let watch = WatchReceiver(hiding: nil, observer: seen)
        try watch.consume(ByteBuffer(string: #"{"type":"ADDED","object":"# + whole + "}\n"))
        #expect(seen.objects.elements == [node("[1]", "[]"), node("[1]", "[]")])
    }

    /// Wherever the bytes are cut, the same elements come out.
    @Test func aListIsTakenApartWhereverItIsCut() throws {
        let text = #"""
             { "kind":"NodeList" , "metadata":{"resourceVersion":"7","items":[9], "continue":"\"items\":["},
            "more":["items",[{}]], "items" : [ {"a":"]}\\","b":[{}]} , {},{"items":[{"x":1}]}
            ] ,"after":{"items":null} }
            """#
        let bytes = Array(text.utf8)
        for size in [1, 2, 3, 7, bytes.count] {
            var splitter = ListSplitter()
            var items: [String] = []
            var offset = 0
            while offset < bytes.count {
                let end = min(offset + size, bytes.count)
                try Array(bytes[offset..<end]).withUnsafeBytes { part in
                    try splitter.consume(part) { item throws(KubernetesError) in
                        items.append(String(decoding: item, as: UTF8.self))
                    }
                }
                offset = end
            }
            #expect(items == [#"{"a":"]}\\","b":[{}]}"#, "{}", #"{"items":[{"x":1}]}"#])
            #expect(splitter.isComplete)
            let shell = String(decoding: splitter.shell, as: UTF8.self)
            #expect(shell.contains(#""items" : []"#) && shell.contains(#""after""#), "\(shell)")
        }
    }

    /// Watches until the watch ends, and has its first event already.
    private static func watch(
        _ client: KubernetesClient, _ observer: RecordingObserver
    ) async throws -> Task<KubernetesError?, Never> {
        let watching = Task {
            await failure { () async throws(KubernetesError) in
                try await client.watch(.nodes, options: WatchOptions(resourceVersion: "1000"), observer: observer)
            }
        }
        try await observer.wait(for: 1)
        return watching
    }

    @Test func aWatchBringsEventsAndBookmarks() async throws {
        try await withServer { server, client in
            try server.apply(Self.node("a"), to: .nodes)
            let observer = RecordingObserver()
            let watching = try await Self.watch(client, observer)
            try server.apply(Self.node("b"), to: .nodes)
            try server.apply(Self.node("b", labels: #""x":"y""#), to: .nodes)
            try server.delete("a", from: .nodes)
            server.sendBookmarks()
            try await observer.wait(for: 5)
            #expect(observer.log.elements == ["ADDED a", "ADDED b", "MODIFIED b", "DELETED a", "BOOKMARK 1004"])
            server.endWatches(.end)
            #expect(await watching.value == nil)
            #expect(observer.batches.elements.count >= 1)
        }
    }

    @Test(arguments: WatchFault.allCases)
    func aWatchThatEndsBadlyIsAnError(_ fault: WatchFault) async throws {
        try await withServer { server, client in
            try server.apply(Self.node("a"), to: .nodes)
            let observer = RecordingObserver()
            let watching = try await Self.watch(client, observer)
            server.endWatches(fault)
            let error = await watching.value
            #expect(observer.log.elements == ["ADDED a"])
            switch fault {
            case .end: #expect(error == nil)
            case .expired: #expect(error?.isExpired == true)
            case .internalError: #expect(error?.status?.code == 500)
            case .cut, .truncatedFrame, .truncatedFrameInGoodOrder, .garbage, .unknownType:
                #expect(error != nil && error?.status == nil)
            }
        }
    }
}

/// Notes what a watch brings.
final class RecordingObserver: WatchObserver {
    let log = Log<String>()
    let batches = Log<Int>()
    let objects = Log<String>()

    func watchBegan() {}
    func batchEnded() { batches.append(log.elements.count) }

    func event(_ type: WatchEventType, _ object: Value) {
        objects.append(String(decoding: object.jsonText, as: UTF8.self))
        let field: StaticString = type == .bookmark ? "resourceVersion" : "name"
        log.append("\(type.rawValue) \(object["metadata"]?[field]?.text.map { String($0) } ?? "?")")
    }

    func wait(for count: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while log.elements.count < count {
            try #require(ContinuousClock.now < deadline, "\(log.elements)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
