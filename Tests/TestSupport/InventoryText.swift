package import Policy
import RegionAPI

extension Inventory {
    /// Adds a Region written as JSON.
    package mutating func add(region json: String) throws {
        let record = try ParsedJSON(json).read { RegionRecord(Region($0)) }
        add(record)
    }

    /// Adds a Node of a class, of so many CPUs and so much memory.
    package mutating func add(
        node name: String, class nodeClass: String, cpus: Int? = nil, memory: String? = nil, more: String = ""
    ) throws {
        let json = NodeText.node(name, class: nodeClass, cpus: cpus, memory: memory, more: more)
        if let record = try ParsedJSON(json).read({ NodeRecord(Node($0)) }) { add(record) }
    }
}

/// Nodes as JSON.
package enum NodeText {
    package static func node(
        _ name: String, class nodeClass: String, cpus: Int? = nil, memory: String? = nil, more: String = ""
    ) -> String {
        var capacity: [String] = []
        if let cpus { capacity.append("\"cpu\":\"\(cpus)\"") }
        if let memory { capacity.append("\"memory\":\"\(memory)\"") }
        if !more.isEmpty { capacity.append(more) }
        return """
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"\(name)","labels":{\
            "kubernetes.region.unikorn-cloud.org/node-class":"\(nodeClass)"}},\
            "status":{"capacity":{\(capacity.joined(separator: ","))}}}
            """
    }
}
