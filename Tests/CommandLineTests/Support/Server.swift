import Foundation
import Glibc
import TestSupport

/// `serve`, running on ports that the system chose.
final class Server: Sendable {
    let process: ChildProcess
    let scratch: Scratch
    /// `127.0.0.1:PORT` of each listener.
    let address: String
    let health: String
    let metrics: String

    /// Certificates in `d`, made as an operator would make them.
    static func certificates(in scratch: Scratch, _ directory: String = "d") async throws {
        let run = try await Program.run(["certs", "dev", "--out", directory], in: scratch)
        guard run.code == 0 else { throw ChildProcess.Failure(description: run.description) }
    }

    static let flags = [
        "serve", "--standalone", "--bind-address", "127.0.0.1", "--secure-port", "0", "--tls-cert-file", "d/tls.crt",
        "--tls-private-key-file", "d/tls.key", "--health-probe-bind-address", "127.0.0.1:0",
        "--metrics-bind-address", "127.0.0.1:0", "--event-loops", "1",
    ]

    /// Starts it and waits until it listens.
    ///
    /// `stackKilobytes` is the stack that each thread gets.
    init(
        _ flags: [String] = ["--drain-delay", "0"], isStandalone: Bool = true, in scratch: Scratch,
        stackKilobytes: Int? = nil, environment: [String: String] = [:]
    ) async throws {
        self.scratch = scratch
        let usual = Self.flags.filter { isStandalone || $0 != "--standalone" }
        var command = [Program.path] + usual + flags
        if let stackKilobytes {
            command = ["/bin/sh", "-c", "ulimit -s \(stackKilobytes) && exec \"$0\" \"$@\""] + command
        }
        process = try ChildProcess(command, in: scratch, environment: environment)
        for _ in 0..<1_500 {
            if let line = Self.lines(process.errors).first(where: { $0["msg"] as? String == "listening" }) {
                address = line["address"] as? String ?? ""
                health = line["health"] as? String ?? ""
                metrics = line["metrics"] as? String ?? ""
                return
            }
            if let end = process.poll() {
                throw ChildProcess.Failure(description: "ended with \(end.code): \(process.errors)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ChildProcess.Failure(description: "does not listen: \(process.errors)")
    }

    // MARK: The log

    /// Every line of the log, as JSON; those that are none are empty.
    var log: [[String: Any]] { Self.lines(process.errors) }

    func lines(_ message: String) -> [[String: Any]] { log.filter { $0["msg"] as? String == message } }

    private static func lines(_ text: String) -> [[String: Any]] {
        text.split(separator: "\n").map { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any] ?? [:]
        }
    }

    /// Waits for something that takes a moment.
    ///
    /// Counts its looks, not the time, since other tests may keep this one from running.
    static func wait(looks: Int = 400, until isTrue: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<looks {
            if try await isTrue() { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    // MARK: Requests

    /// What curl got.
    struct Response: Sendable {
        /// 0 where there was no answer.
        let status: Int
        let body: String
        let errors: String

        /// `response` of an AdmissionReview.
        var review: [String: Any] {
            let review = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]
            return review?["response"] as? [String: Any] ?? [:]
        }
    }

    func curl(_ arguments: [String]) async throws -> Response {
        let options = [
            "--silent", "--show-error", "--max-time", String(2 * Self.patience), "--write-out", "\n%{http_code}",
        ]
        let run = try await Program.run(command: ["curl"] + options + arguments, in: scratch)
        let end = run.output.lastIndex(of: "\n") ?? run.output.endIndex
        let status = run.output[end...].dropFirst()
        return Response(status: Int(status) ?? 0, body: String(run.output[..<end]), errors: run.errors)
    }

    /// Seconds that kube-apiserver waits for an answer: its default, and its maximum where a sanitizer makes all slower.
    private static let patience = Sanitizer.isThere ? 30 : 10

    /// Sends the body that a file holds, as kube-apiserver does.
    func post(_ path: String, file: String, _ arguments: [String] = []) async throws -> Response {
        try await curl(
            [
                "--cacert", "d/ca.crt", "--header", "Content-Type: application/json", "--data-binary", "@\(file)",
                "https://\(address)\(path)?timeout=\(Self.patience)s",
            ] + arguments)
    }

    func post(_ path: String, body: String) async throws -> Response {
        let file = scratch.newPath("body")
        try Data(body.utf8).write(to: URL(fileURLWithPath: file))
        return try await post(path, file: file)
    }

    func get(_ address: String, _ path: String) async throws -> Response {
        try await curl(["http://\(address)\(path)"])
    }

    /// Asks it to stop, and waits.
    func stop(_ signal: Int32 = SIGTERM) async throws -> ChildProcess.End {
        process.send(signal)
        return try await process.ended()
    }
}
