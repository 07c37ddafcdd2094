import Synchronization

/// A fixed number of counters that any thread may add to and read.
///
/// Each event loop has its own, so that counting never waits for another core; they are added up when they are read.
final class Counters: Sendable {
    private nonisolated(unsafe) let values: UnsafeMutablePointer<Atomic<Int>>
    let count: Int

    init(count: Int) {
        self.count = count
        values = .allocate(capacity: count)
        for index in 0..<count { (values + index).initialize(to: Atomic(0)) }
    }

    deinit {
        values.deinitialize(count: count)
        values.deallocate()
    }

    /// Adds to one of them; an index that does not exist counts nowhere.
    func add(_ amount: Int = 1, at index: Int) {
        guard (0..<count).contains(index) else { return }
        values[index].wrappingAdd(amount, ordering: .relaxed)
    }

    subscript(index: Int) -> Int {
        (0..<count).contains(index) ? values[index].load(ordering: .relaxed) : 0
    }
}

/// How often a duration fell below each of some bounds.
final class Histogram: Sendable {
    /// Upper bounds in nanoseconds, ascending.
    static let bounds: [Int64] = [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 1_000_000_000, 5_000_000_000, 30_000_000_000,
    ]

    /// One for each bound, one for what is above, and the sum.
    private let counters = Counters(count: Histogram.bounds.count + 2)

    func observe(nanoseconds: Int64) {
        // Most are among the first few.
        let index = Self.bounds.firstIndex { nanoseconds <= $0 } ?? Self.bounds.count
        counters.add(at: index)
        counters.add(Int(nanoseconds), at: Self.bounds.count + 1)
    }

    /// How many fell between the bound before and this one.
    func count(at index: Int) -> Int { counters[index] }
    var sum: Int { counters[Self.bounds.count + 1] }
}
