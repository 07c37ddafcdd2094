package import NIOCore

/// What the connections of one event loop do in one of its turns: each reads from its socket and decrypts, then each is
/// served, and then the answer of each is encrypted and sent.
///
/// One connection after the other, the kernel, OpenSSL and the program would take turns many times a millisecond, and so
/// would the clients that are woken by their answers; each would find the processor's caches full of the others' code and
/// data. Step by step, a small review takes a quarter less time.
///
/// Not thread-safe: it belongs to one event loop.
package final class TLSTurn {
    /// How long answers may wait for those that come after them: little against a round trip through an API server, and
    /// several times what a turn of ordinary reviews takes.
    private static let maxWait = TimeAmount.milliseconds(1)

    private let eventLoop: any EventLoop
    private var waiting: [TLSChannelHandler] = []
    private var unsent: [TLSChannelHandler] = []
    /// What is written now is sent with what the others write.
    private(set) var isRunning = false

    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// A connection has received something. Its `takeTurn` is called once all have.
    func add(_ connection: TLSChannelHandler) {
        waiting.append(connection)
        guard waiting.count == 1, !isRunning else { return }
        eventLoop.assumeIsolated().execute { self.run() }
    }

    /// A connection has something to send. Its `sendWaiting` is called at the end.
    func addUnsent(_ connection: TLSChannelHandler) {
        unsent.append(connection)
    }

    private func run() {
        isRunning = true
        var end = eventLoop.now + Self.maxWait
        // By index, since what is called may add others.
        var index = 0
        while index < waiting.count {
            waiting[index].takeTurn()
            index += 1
            if index < waiting.count, eventLoop.now >= end {
                send()
                end = eventLoop.now + Self.maxWait
            }
        }
        waiting.removeAll(keepingCapacity: true)
        isRunning = false
        send()
    }

    private func send() {
        var index = 0
        while index < unsent.count {
            unsent[index].sendWaiting()
            index += 1
        }
        unsent.removeAll(keepingCapacity: true)
    }
}
