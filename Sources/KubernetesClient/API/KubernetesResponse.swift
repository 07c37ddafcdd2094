import Documents
package import KubernetesTypes

/// The answer to a request that succeeded (any 2xx); everything else is thrown as a `KubernetesError`.
///
/// It may be a Secret: neither printing nor dumping shows the body.
package struct KubernetesResponse: Sendable, CustomStringConvertible, CustomReflectable {
    package let status: Int
    package let body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    /// Parses the body and hands its root to `read`; the value is valid as long as that runs.
    package func decode<Answer>(_ read: (Value) -> Answer) throws(KubernetesError) -> Answer {
        let parser = JSONParser()
        var copy = body
        do throws(KubernetesError) {
            let root = try parser.parseInPlace(&copy)
            return withExtendedLifetime(parser) { read(root) }
        } catch {
            throw KubernetesError(error.kind, isOutcomeUnknown: true)
        }
    }

    package var description: String { "status \(status), \(body.count) bytes" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
