// What the whole server allocates for one review over TLS, kept-alive connections, its client being another process.
//
//   server-bench [--seconds N] DIRECTORY FILE ...      run in the package's directory; DIRECTORY is for certificates
//                                                      FILE.mutate.json goes to the mutating webhook
import Admission
import CMallocCounter
import Dispatch
import Glibc
import Logging
import Policy
import TLS
import WebhookServer

var seconds = "2"
var paths: [String] = []
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    if argument == "--seconds", let value = arguments.popFirst() {
        seconds = value
    } else {
        paths.append(argument)
    }
}
guard let directory = paths.first, let localhost = CertificateName("127.0.0.1") else {
    print("server-bench: a directory for certificates is missing")
    exit(2)
}

let files = try DevelopmentCertificates.write(directory: directory, names: [localhost])
let admission = Admission(policy: Policy(PolicySettings { _ in true }))
var logger = Logger(label: "bench") { _ in JSONLogHandler(level: .error) }
logger.logLevel = .error
let parsing = MemoryBudget(limit: ServerLimits().maxParsingBytes)
var configuration = ServerConfiguration(
    address: ListenAddress(host: "127.0.0.1", port: 0),
    tls: try TLSServerContextProvider(
        TLSServerConfiguration(certificateChainFile: files.serverCertificate, privateKeyFile: files.serverKey)),
    eventLoopCount: 1, logger: logger
) { AdmissionProcessor(admission: admission, parsing: parsing) { Inventory() } }
configuration.drainDelay = .zero
let server = WebhookServer(configuration)
/// Waits on this thread: valgrind cannot follow what an asynchronous main does to it.
func wait<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) throws -> T {
    let done = DispatchSemaphore(value: 0)
    nonisolated(unsafe) var result: Result<T, any Error>?
    Task {
        do { result = .success(try await body()) } catch { result = .failure(error) }
        done.signal()
    }
    done.wait()
    guard let result else { exit(1) }
    return try result.get()
}

let addresses = try wait { try await server.start() }

/// Requests that were answered.
func answered() -> Int {
    String(decoding: server.metrics.render(), as: UTF8.self).split(separator: "\n")
        .filter { $0.hasPrefix("unikorn_region_webhook_http_requests_total{") }
        .reduce(0) { $0 + (Int($1.split(separator: " ").last ?? "") ?? 0) }
}

/// Sends a file over 16 connections for a time; false if that fails.
func load(_ file: String, _ time: String) -> Bool {
    let path = file.contains(".mutate.") ? "mutate" : "validate"
    let url = "https://127.0.0.1:\(addresses.webhook.port)/\(path)?timeout=10s"
    let command = "BENCH_BODY='\(file)' exec wrk -t 1 -c 16 -d \(time)s -s Tests/bench/post.lua '\(url)' >/dev/null"
    let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sh"), strdup("-c"), strdup(command), nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    guard posix_spawn(&child, "/bin/sh", nil, nil, arguments, environ) == 0 else { return false }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status == 0
}

for file in paths.dropFirst() {
    guard load(file, "1") else {
        print("server: \(file) cannot be sent")
        exit(2)
    }
    let (requests, allocations) = (answered(), malloc_counter())
    guard load(file, seconds) else { exit(2) }
    let count = answered() - requests
    // The connections themselves are few against the requests.
    let each = Double(malloc_counter() - allocations) / Double(max(1, count))
    print(
        "server: \(file.split(separator: "/").last ?? "") \((each * 10).rounded() / 10) allocations of \(count) requests"
    )
}
try wait { await server.stop() }
