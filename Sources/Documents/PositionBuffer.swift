internal import KubernetesTypes

/// Places of the words of a tape, in storage that is kept and whose address views may hold until the next append.
struct PositionBuffer: ~Copyable {
    private var storage = UnsafeMutablePointer<SourcePosition>.allocate(capacity: 256)
    private var capacity = 256
    private(set) var count = 0

    deinit { storage.deallocate() }

    var start: UnsafePointer<SourcePosition> { UnsafePointer(storage) }

    mutating func removeAll() { count = 0 }

    mutating func append(_ position: SourcePosition) {
        if count == capacity { grow() }
        (storage + count).initialize(to: position)
        count += 1
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<SourcePosition>.allocate(capacity: capacity * 2)
        larger.initialize(from: storage, count: count)
        storage.deallocate()
        storage = larger
        capacity *= 2
    }
}
