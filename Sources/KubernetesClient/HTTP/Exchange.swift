import NIOCore
import NIOHTTP1
import Synchronization

/// One request on its way, and the response to it. Confined to the client's event loop once it has been started.
final class Exchange: @unchecked Sendable {
    enum Phase {
        case new
        /// In the pool's queue.
        case waiting
        case running(ClientConnection)
        case done
    }

    let head: HTTPRequestHead
    let body: [UInt8]?
    let receiver: ResponseReceiver
    /// Reading is safe to be sent twice.
    let isSafe: Bool
    /// On a connection of its own, which ends with it: a watch would occupy one of the pool for minutes.
    let isDedicated: Bool
    let deadline: NIODeadline
    var phase = Phase.new
    /// The request, or a part of it, may have reached the server.
    var wasWritten = false
    /// A byte of the response has arrived.
    var hasResponse = false
    /// It was sent on a connection that turned out to be closed, and goes out once more on a new one.
    var isSecondTry = false
    var timer: Scheduled<Void>?
    private var completion: (@Sendable () -> Void)?
    /// What became of it, once it is done. Behind a lock, since the task that has waited for it reads it, and then what the
    /// receiver holds, on a thread of its own.
    private let outcome = Mutex<Result<Void, KubernetesError>?>(nil)

    init(
        head: HTTPRequestHead, body: [UInt8]?, receiver: ResponseReceiver, isSafe: Bool, isDedicated: Bool,
        deadline: NIODeadline
    ) {
        self.head = head
        self.body = body
        self.receiver = receiver
        self.isSafe = isSafe
        self.isDedicated = isDedicated
        self.deadline = deadline
    }

    var isDone: Bool {
        if case .done = phase { true } else { false }
    }

    /// `completion` is called once; `result` is there then. At once if the exchange was given up before.
    func whenComplete(_ completion: @escaping @Sendable () -> Void) {
        if isDone { return completion() }
        self.completion = completion
    }

    /// What became of it; of one that is not done, that it was given up.
    var result: Result<Void, KubernetesError> {
        outcome.withLock { $0 } ?? .failure(KubernetesError(.cancelled))
    }

    func finish(_ result: Result<Void, KubernetesError>) {
        guard !isDone else { return }
        phase = .done
        timer?.cancel()
        timer = nil
        outcome.withLock { $0 = result }
        completion?()
        completion = nil
    }

    /// Ends without an answer.
    func giveUp(_ kind: KubernetesError.Kind) {
        if case .running(let connection) = phase { connection.close() }
        finish(.failure(KubernetesError(kind, isOutcomeUnknown: wasWritten && !isSafe)))
    }
}
