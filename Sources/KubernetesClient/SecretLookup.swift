package import KubernetesTypes
import NIOCore
package import Policy
import Synchronization

/// Reads many Secrets, each by a GET of its name at this moment, for who judges Regions that nobody is writing.
///
/// Nothing of them is kept but what rules judge (`SecretRecord`).
package struct SecretLookup: Sendable {
    /// What was found out.
    package struct Answer: Sendable {
        /// The Secrets that are there, or are known not to be.
        package var states: [ObjectName: SecretState] = [:]
        /// Those that cannot be judged, and why.
        package var unjudged: [ObjectName: String] = [:]
        /// What made it give up, if it did: then the rest is unjudged for the moment only.
        package var failure: KubernetesError?

        package init() {}

        /// Why Secrets cannot be judged, and how many for each reason.
        package var reasons: [(reason: String, count: Int)] {
            Dictionary(grouping: unjudged.values) { $0 }.map { ($0.key, $0.value.count) }.sorted { $0.0 < $1.0 }
        }
    }

    private let client: KubernetesClient
    private let read: @Sendable (Value) -> SecretRecord?

    /// `read` keeps of a Secret what rules judge, and forgets the rest.
    package init(_ client: KubernetesClient, read: @escaping @Sendable (Value) -> SecretRecord?) {
        self.client = client
        self.read = read
    }

    /// Reads Secrets, each once. A server that cannot be reached, or that fails, is asked no more after a few times.
    package func read(_ names: [ObjectName]) async -> Answer {
        var answer = Answer()
        var failures = 0
        await withTaskGroup(of: (ObjectName, Result<SecretState, KubernetesError>).self) { tasks in
            var rest = Set(names).sorted()[...]
            func add() {
                guard failures < Self.maximumFailures, let name = rest.popFirst() else { return }
                tasks.addTask { (name, await self.result(name)) }
            }
            for _ in 0..<Self.concurrency { add() }
            while let (name, result) = await tasks.next() {
                switch result {
                case .success(let state): answer.states[name] = state
                case .failure(let error) where error.isForbidden:
                    answer.unjudged[name] = "reading Secrets in namespace \"\(name.namespace)\" is forbidden"
                case .failure(let error) where error.isFinal:
                    answer.unjudged[name] = "Secret \"\(name)\" cannot be read: \(error)"
                case .failure(let error):
                    failures += 1
                    answer.failure = error
                }
                add()
            }
        }
        return answer
    }

    private func result(_ name: ObjectName) async -> Result<SecretState, KubernetesError> {
        do throws(KubernetesError) {
            return .success(try await client.secret(name, timeout: Self.timeout, read))
        } catch {
            return .failure(error)
        }
    }

    /// At a time: reviews that wait have the other connections of the pool.
    private static let concurrency = 2
    /// A server that does not answer so many is not there.
    private static let maximumFailures = 3
    /// Of one GET.
    private static let timeout = TimeAmount.seconds(5)
}

extension KubernetesClient {
    /// A Secret by its name, now. Whatever is not 404 and no Secret is thrown.
    func secret(
        _ name: ObjectName, timeout: TimeAmount, _ read: (Value) -> SecretRecord?
    ) async throws(KubernetesError) -> SecretState {
        var request = KubernetesRequest.get(.secrets, name)
        request.timeout = timeout
        do throws(KubernetesError) {
            let record = try await send(request).decode { read($0) }
            guard let record else { throw KubernetesError(.invalidResponse("it is no Secret")) }
            return .known(record)
        } catch {
            guard error.isNotFound else { throw error }
            return .missing
        }
    }
}

extension KubernetesError {
    /// Asking again would bring the same: the server refused this request, or what it sent is of no use.
    fileprivate var isFinal: Bool {
        if case .invalidResponse = kind { return true }
        return status.map { (400..<500).contains($0.code) && $0.code != 401 && $0.code != 429 } ?? false
    }
}
