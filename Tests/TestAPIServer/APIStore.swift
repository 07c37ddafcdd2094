import Foundation

/// The objects of the scripted API server, with etcd's and the API server's semantics as far as clients see them.
///
/// Not safe to share: its server locks it.
struct APIStore {
    struct Key: Hashable, Comparable {
        let collection: String
        let namespace: String
        let name: String

        static func < (left: Key, right: Key) -> Bool {
            (left.collection, left.namespace, left.name) < (right.collection, right.namespace, right.name)
        }
    }

    struct Event {
        let version: Int
        let type: String
        let key: Key
        let object: [String: Any]
        /// The object before, for a selector that it no longer meets.
        let old: [String: Any]?
    }

    struct Failure: Error {
        let code: Int
        let reason: String
        let message: String
    }

    private(set) var objects: [Key: [String: Any]] = [:]
    private(set) var events: [Event] = []
    private(set) var version = 1_000
    /// Events up to this version are forgotten: a watch from before it is answered with 410.
    private(set) var compacted = 1_000
    private var uids = 0

    static func metadata(_ object: [String: Any]) -> [String: Any] { object["metadata"] as? [String: Any] ?? [:] }

    static func labels(_ object: [String: Any]) -> [String: String] {
        metadata(object)["labels"] as? [String: String] ?? [:]
    }

    private static func text(_ object: [String: Any], _ field: String) -> String? { metadata(object)[field] as? String }

    mutating func create(_ object: [String: Any], _ target: APIRequest.Target) throws(Failure) -> [String: Any] {
        guard let name = Self.text(object, "name") ?? Self.text(object, "generateName").map({ $0 + "\(version)" })
        else {
            throw Failure(code: 422, reason: "Invalid", message: "name or generateName is required")
        }
        let key = Key(collection: target.collection, namespace: target.namespace ?? "", name: name)
        if objects[key] != nil {
            throw Failure(code: 409, reason: "AlreadyExists", message: "\(target.resource) \"\(name)\" already exists")
        }
        var object = object
        uids += 1
        set(&object, "name", name)
        if !key.namespace.isEmpty { set(&object, "namespace", key.namespace) }
        set(&object, "uid", String(format: "00000000-0000-4000-8000-%012d", uids))
        set(&object, "creationTimestamp", "2026-01-01T00:00:00Z")
        store(&object, key, "ADDED")
        return object
    }

    mutating func replace(
        _ object: [String: Any], _ target: APIRequest.Target, name: String
    ) throws(Failure) -> [String: Any] {
        let key = Key(collection: target.collection, namespace: target.namespace ?? "", name: name)
        guard let old = objects[key] else { throw Self.notFound(target, name) }
        if let wanted = Self.text(object, "resourceVersion"), wanted != Self.text(old, "resourceVersion") {
            throw Self.conflict(target, name)
        }
        if let uid = Self.text(object, "uid"), uid != Self.text(old, "uid") { throw Self.conflict(target, name) }
        var object = object
        for field in ["uid", "creationTimestamp", "name", "namespace", "resourceVersion"] {
            set(&object, field, Self.metadata(old)[field])
        }
        // What changes nothing is not stored, and keeps its resourceVersion.
        if NSDictionary(dictionary: object).isEqual(to: old) { return old }
        store(&object, key, "MODIFIED")
        return object
    }

    mutating func delete(
        _ target: APIRequest.Target, name: String, uid: String?, resourceVersion: String?
    ) throws(Failure) {
        let key = Key(collection: target.collection, namespace: target.namespace ?? "", name: name)
        guard var old = objects[key] else { throw Self.notFound(target, name) }
        if let uid, uid != Self.text(old, "uid") { throw Self.conflict(target, name) }
        if let resourceVersion, resourceVersion != Self.text(old, "resourceVersion") {
            throw Self.conflict(target, name)
        }
        let before = old
        version += 1
        set(&old, "resourceVersion", String(version))
        objects[key] = nil
        events.append(Event(version: version, type: "DELETED", key: key, object: old, old: before))
    }

    func get(_ target: APIRequest.Target, name: String) throws(Failure) -> [String: Any] {
        let key = Key(collection: target.collection, namespace: target.namespace ?? "", name: name)
        guard let object = objects[key] else { throw Self.notFound(target, name) }
        return object
    }

    /// The keys of a collection in their order; without a namespace, of all.
    func keys(_ target: APIRequest.Target, matching selector: (([String: Any]) -> Bool)?) -> [Key] {
        objects.filter { key, object in
            key.collection == target.collection && (target.namespace.map { $0 == key.namespace } ?? true)
                && selector?(object) ?? true
        }.keys.sorted()
    }

    mutating func compact() {
        compacted = version
        events = []
    }

    private mutating func store(_ object: inout [String: Any], _ key: Key, _ type: String) {
        version += 1
        set(&object, "resourceVersion", String(version))
        events.append(Event(version: version, type: type, key: key, object: object, old: objects[key]))
        objects[key] = object
    }

    private func set(_ object: inout [String: Any], _ field: String, _ value: Any?) {
        var metadata = Self.metadata(object)
        metadata[field] = value
        object["metadata"] = metadata
    }

    private static func notFound(_ target: APIRequest.Target, _ name: String) -> Failure {
        Failure(code: 404, reason: "NotFound", message: "\(target.resource) \"\(name)\" not found")
    }

    private static func conflict(_ target: APIRequest.Target, _ name: String) -> Failure {
        Failure(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(target.resource) \"\(name)\": the object has been modified")
    }
}
