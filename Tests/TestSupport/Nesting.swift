import Foundation

/// JSON of a given depth.
package enum Nesting: String, CaseIterable, Sendable {
    case arrays, objects, emptyArrays, emptyObjects, alternating

    /// `depth` levels of containers, the innermost empty or with a scalar in it.
    package func json(_ depth: Int) -> String {
        switch self {
        case .arrays: repeated("[", depth) + "1" + repeated("]", depth)
        case .objects: repeated(#"{"a":"#, depth) + "1" + repeated("}", depth)
        case .emptyArrays: repeated("[", depth) + repeated("]", depth)
        case .emptyObjects: repeated(#"{"a":"#, depth - 1) + "{}" + repeated("}", depth - 1)
        case .alternating:
            repeated(#"[{"a":"#, depth / 2) + (depth % 2 == 0 ? "null" : "[null]") + repeated("}]", depth / 2)
        }
    }

    /// What stands in front of the bottom, never closed.
    package func opening(_ depth: Int) -> String {
        switch self {
        case .arrays, .emptyArrays: repeated("[", depth)
        case .objects, .emptyObjects: repeated(#"{"a":"#, depth)
        case .alternating: repeated(#"[{"a":"#, depth / 2)
        }
    }

    private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
}

/// A thread with little stack, as event loops have on some systems.
package enum SmallStack {
    /// The least that event-loop threads are given anywhere: 512 KiB. Four times as much for the frames of a build for
    /// debugging; and four times that with a sanitizer, which sets every variable apart from the next.
    package static let bytes = 512 * 1024 * ofBuild * (Sanitizer.isThere ? 4 : 1)

    #if DEBUG
        private static let ofBuild = 4
    #else
        private static let ofBuild = 1
    #endif

    private final class Box<Answer>: @unchecked Sendable {
        var result: Result<Answer, any Error>?
    }

    /// Runs `body` on such a thread and waits for it. Where the stack does not suffice the process ends.
    package static func run<Answer>(_ body: @escaping @Sendable () throws -> Answer) throws -> Answer {
        let box = Box<Answer>()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            box.result = Result { try body() }
            done.signal()
        }
        thread.stackSize = bytes
        thread.start()
        done.wait()
        guard let result = box.result else { throw CancellationError() }
        return try result.get()
    }
}
