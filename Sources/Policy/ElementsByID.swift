import KubernetesTypes

/// The elements of a list of the old object, to be found by their id: the first where two have it.
struct ElementsByID<Element> {
    private let elements: [Element]
    private let id: (Element) -> Text?
    private var positions: [Text: Int] = [:]

    /// Up to here comparing each costs less than a table of hashes, and allocates nothing.
    private static var comparedDirectly: Int { 16 }

    init(_ elements: [Element], id: @escaping (Element) -> Text?) {
        self.elements = elements
        self.id = id
        guard elements.count > Self.comparedDirectly else { return }
        for (position, element) in elements.enumerated() {
            guard let id = id(element), positions[id] == nil else { continue }
            positions[id] = position
        }
    }

    subscript(_ wanted: Text?) -> Element? {
        guard let wanted, !elements.isEmpty else { return nil }
        if elements.count > Self.comparedDirectly { return positions[wanted].map { elements[$0] } }
        return elements.first { id($0).map { $0 == wanted } ?? false }
    }
}
