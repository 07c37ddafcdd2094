import KubernetesTypes

/// The Regions of an inventory: by name, by the ids they declare, and by display name.
struct RegionTable: Sendable {
    /// A flavor, by its Region's place in `records` and its own in the Region's list.
    private struct FlavorIndex: Equatable {
        let region: Int
        let flavor: Int
    }

    /// Nil where one has gone; the place is used again.
    private var records: [RegionRecord?] = []
    private var free: [Int] = []
    private var indices: [ObjectName: Int] = [:]
    private var declarations = FirstAndMore<ClassID, FlavorIndex>()
    private var displayNames = FirstAndMore<String, Int>()

    init() {}

    var count: Int { indices.count }

    /// Adds a Region, in place of the one of its name. Does nothing where nothing changes.
    mutating func add(_ record: RegionRecord) {
        if let old = region(record.object) {
            if old == record { return }
            remove(record.object)
        }
        let index = free.popLast() ?? records.count
        if index == records.count { records.append(record) } else { records[index] = record }
        indices[record.object] = index
        for (position, flavor) in record.flavors.enumerated() where !flavor.id.isEmpty {
            declarations.add(FlavorIndex(region: index, flavor: position), of: flavor.id)
        }
        if let name = record.displayName { displayNames.add(index, of: name) }
    }

    mutating func remove(_ object: ObjectName) {
        guard let index = indices.removeValue(forKey: object), let record = records[index] else { return }
        for (position, flavor) in record.flavors.enumerated() where !flavor.id.isEmpty {
            declarations.remove(FlavorIndex(region: index, flavor: position), of: flavor.id)
        }
        if let name = record.displayName { displayNames.remove(index, of: name) }
        records[index] = nil
        free.append(index)
    }

    /// A Region by its name.
    func region(_ object: ObjectName) -> RegionRecord? { indices[object].flatMap { records[$0] } }

    /// Every Region, in no order.
    func forEach(_ body: (RegionRecord) -> Void) {
        for case let record? in records { body(record) }
    }

    /// Where else an id is declared than in the Region of that name; of several places the first by name.
    func declaration(of id: ClassID, otherThan object: ObjectName?) -> Inventory.Declaration? {
        var found: Inventory.Declaration?
        for index in declarations[id] {
            guard let record = records[index.region], record.object != object else { continue }
            if let best = found, best.region < record.object { continue }
            found = Inventory.Declaration(region: record.object, flavor: record.flavors[index.flavor])
        }
        return found
    }

    /// Another Region with a display name; of several the first by name.
    func region(named displayName: String, otherThan object: ObjectName) -> ObjectName? {
        displayNames[displayName].lazy.compactMap { records[$0]?.object }.filter { $0 != object }.min()
    }
}

/// A dictionary of lists that hold one element nearly always, which then costs no list.
private struct FirstAndMore<Key: Hashable & Sendable, Element: Equatable & Sendable>: Sendable {
    private var first: [Key: Element] = [:]
    private var more: [Key: [Element]] = [:]

    mutating func add(_ element: Element, of key: Key) {
        if first[key] == nil { first[key] = element } else { more[key, default: []].append(element) }
    }

    mutating func remove(_ element: Element, of key: Key) {
        var rest = more.removeValue(forKey: key) ?? []
        if first[key] == element {
            // In order, so that what is left is what would be there without the one that goes.
            first[key] = rest.isEmpty ? nil : rest.removeFirst()
        } else {
            rest.removeAll { $0 == element }
        }
        if !rest.isEmpty { more[key] = rest }
    }

    subscript(key: Key) -> [Element] {
        guard let element = first[key] else { return [] }
        return [element] + (more[key] ?? [])
    }
}
