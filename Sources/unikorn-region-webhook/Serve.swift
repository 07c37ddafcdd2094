import Admission
import ArgumentParser
import Documents
import KubernetesClient
import Logging
import NIOCore
import Policy
import ServiceLifecycle
import TLS
import UnixSignals
import WebhookServer

/// `serve`: the webhook server.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer kube-apiserver over TLS: POST /validate and POST /mutate.",
        discussion: """
            Health (/healthz, /livez, /readyz) and metrics (/metrics) are plain HTTP on ports of their own. SIGTERM and \
            SIGINT stop the server in good order: it fails readiness, serves on for the drain delay, and then stops; a \
            second signal stops it at once. Certificates that are replaced are taken up without a restart.

            Exit codes: 0 stopped by a signal, 2 bad usage, an unreadable path or a port in use, 3 internal failure.
            """)

    @Option(help: ArgumentHelp("The address to answer reviews on.", valueName: "ADDRESS"))
    var bindAddress = "0.0.0.0"

    @Option(help: ArgumentHelp("The port to answer reviews on.", valueName: "PORT"))
    var securePort: UInt16 = 9443

    @Option(help: ArgumentHelp("The serving certificate, PEM, with its chain.", valueName: "FILE"))
    var tlsCertFile: String

    @Option(help: ArgumentHelp("The private key of the certificate, PEM.", valueName: "FILE"))
    var tlsPrivateKeyFile: String

    @Option(
        help: ArgumentHelp(
            "Require clients to show a certificate that one of these authorities signed.", valueName: "FILE"))
    var clientCAFile: String?

    @Option(help: ArgumentHelp("Where to answer probes; 0 is nowhere.", valueName: "HOST:PORT"))
    var healthProbeBindAddress = "0.0.0.0:8081"

    @Option(help: ArgumentHelp("Where to answer /metrics; 0 is nowhere.", valueName: "HOST:PORT"))
    var metricsBindAddress = "0.0.0.0:8080"

    @Flag(help: "Ask no Kubernetes API: rules about several objects see what --inventory holds, and nothing else.")
    var standalone = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Manifests of the other objects there are, for --standalone.", valueName: "PATH"))
    var inventory: [String] = []

    @Option(
        help: ArgumentHelp(
            "How often one replica judges all objects of the inventory by all rules; 0 is never.",
            valueName: "SECONDS"))
    var auditInterval = 60

    @Option(help: ArgumentHelp("How long to serve on after SIGTERM.", valueName: "SECONDS"))
    var drainDelay = 15

    @Option(help: ArgumentHelp("Threads that answer reviews; 0 is one for each core, up to 8.", valueName: "COUNT"))
    var eventLoops = 0

    @Option(help: ArgumentHelp("What to log.", valueName: "LEVEL"))
    var logLevel: LogLevel = .info

    @OptionGroup(title: "Cluster") var cluster: ClusterOptions

    @OptionGroup(title: "Other objects") var sources: InventorySourceOptions

    @OptionGroup(title: "Objects that are not known") var unknown: UnknownObjectOptions

    @OptionGroup(title: "Uniqueness") var uniqueness: UniquenessOptions

    @OptionGroup(title: "Rules") var policy: PolicyOptions

    @OptionGroup(title: "Defaults") var defaults: DefaultOptions

    func run() async throws {
        if standalone, cluster.isGiven { throw UsageFailure("--standalone asks no cluster: leave out --kubeconfig") }
        guard standalone || inventory.isEmpty else {
            throw UsageFailure(
                "--inventory is for --standalone: use --regions-from files=PATH or --nodes-from files=PATH")
        }
        guard drainDelay >= 0 else { throw UsageFailure("--drain-delay is 0 or more seconds, found \(drainDelay)") }
        guard auditInterval >= 0 else {
            throw UsageFailure("--audit-interval is 0 or more seconds, found \(auditInterval)")
        }
        guard (0...Self.maximumEventLoops).contains(eventLoops) else {
            throw UsageFailure("--event-loops is 0 to \(Self.maximumEventLoops), found \(eventLoops)")
        }
        let logger = Logger(label: "unikorn-region-webhook") { _ in JSONLogHandler(level: logLevel.level) }
        JSONParser.returnLargeBuffers()
        if !ProcessHardening.disableCoreDumps() {
            logger.warning("core dumps could not be disabled; one would hold the private key")
        }
        let tls: TLSServerContextProvider
        do throws(TLSError) {
            tls = try TLSServerContextProvider(
                TLSServerConfiguration(
                    certificateChainFile: tlsCertFile, privateKeyFile: tlsPrivateKeyFile, clientCAFile: clientCAFile))
        } catch {
            throw UsageFailure(error.description)
        }
        for warning in tls.current.warnings { logger.warning("\(warning)") }

        var settings = policy.settings(isOffline: false)
        settings.takesDefaultsFromNodes = defaults.defaultFromNodes
        settings.allowsUnjudged = unknown.whenUnknown == .allow
        let watched =
            standalone
            ? nil
            : try ClusterInventory(
                cluster, sources.sources, maximumAge: unknown.maxInventoryAge, policy: Policy(settings),
                auditSeconds: auditInterval, logger: logger)
        let mode = try uniquenessMode(watched?.client)
        if let watched, watched.client == nil, uniqueness.uniqueness == nil {
            logger.warning(
                """
                class ids are not claimed, since nothing comes from the cluster that sends the reviews: two Regions that are \
                written at the same moment may declare one
                """,
                metadata: ["uniqueness": "\(mode.rawValue)"])
        }
        let admission = Admission(
            policy: Policy(settings), uniqueness: mode, readsSecrets: watched?.client != nil)
        var files = try InventoryOptions.load(inventory)
        if defaults.defaultFromNodes { files.applyDefaultsFromNodes() }
        let fixed = files
        let snapshot: @Sendable () -> Inventory = { [feed = watched?.feed] in feed?.snapshot() ?? fixed }
        let questions = try watched?.client.map { client in
            try ClusterQuestions(client, admission, mode, uniqueness, inventory: snapshot, logger: logger)
        }
        let finder = questions?.finder
        let parsing = MemoryBudget(limit: ServerLimits().maxParsingBytes)
        var configuration = ServerConfiguration(
            address: ListenAddress(host: bindAddress, port: Int(securePort)), tls: tls,
            eventLoopCount: eventLoops > 0 ? eventLoops : min(System.coreCount, Self.usualEventLoops), logger: logger
        ) { AdmissionProcessor(admission: admission, parsing: parsing, inventory: snapshot, findFacts: finder) }
        configuration.healthAddress = try Self.address(healthProbeBindAddress, "--health-probe-bind-address")
        configuration.metricsAddress = try Self.address(metricsBindAddress, "--metrics-bind-address")
        configuration.drainDelay = .seconds(drainDelay)
        configuration.version = Version.current
        let server = WebhookServer(configuration)
        watched?.addChecks(to: server.readiness)
        watched?.addMetrics(to: server.metrics)
        questions?.addMetrics(to: server.metrics)
        var background: [ServiceGroupConfiguration.ServiceConfiguration] = []
        if let watched { background.append(.init(service: watched, serviceName: "cluster-inventory")) }
        if let questions { background.append(.init(service: questions, serviceName: "cluster-questions")) }
        try await serve(server, background, tls, logger)
    }

    /// Claims are made in the cluster that sends the reviews.
    private func uniquenessMode(_ client: KubernetesClient?) throws -> UniquenessMode {
        guard client == nil else { return uniqueness.uniqueness ?? .claims }
        guard uniqueness.uniqueness != .claims else {
            throw UsageFailure(
                "--uniqueness claims asks the cluster that sends the reviews: it is for --regions-from or --nodes-from cluster"
            )
        }
        return uniqueness.uniqueness ?? .cache
    }

    private func serve(
        _ server: WebhookServer, _ background: [ServiceGroupConfiguration.ServiceConfiguration],
        _ tls: TLSServerContextProvider, _ logger: Logger
    ) async throws {
        // From before anybody can reach the server: a signal that comes while it starts waits.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        do throws(ServerStartError) {
            try await server.start()
        } catch {
            throw UsageFailure(error.description)
        }
        // Services are stopped in the reverse order: what the server reads from outlives it. Each has a name: without one
        // it is described to the log by all that it holds.
        let services =
            background + [
                .init(service: server, serviceName: "webhook-server"),
                .init(
                    service: CertificateReloader(provider: tls, logger: logger), serviceName: "certificate-reloader"),
            ]
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger))
        try await run(group, until: signals)
    }

    /// Runs until signals: the first stops the server in good order, a second one at once.
    private func run(_ group: ServiceGroup, until signals: UnixSignalsSequence) async throws {
        let running = Task { try await group.run() }
        let watching = Task {
            var isStopping = false
            for await _ in signals {
                if isStopping { running.cancel() }
                isStopping = true
                await group.triggerGracefulShutdown()
            }
        }
        defer { watching.cancel() }
        do {
            try await running.value
        } catch is CancellationError {
            // By the second signal.
        }
    }

    /// Each may take some megabytes of memory whatever the others do, and one serves thousands of reviews a second.
    private static let usualEventLoops = 8
    /// More threads than any machine has cores are a slip.
    private static let maximumEventLoops = 1024

    private static func address(_ text: String, _ flag: String) throws -> ListenAddress? {
        if text == "0" { return nil }
        guard let address = ListenAddress(text) else {
            throw UsageFailure("\(flag) is HOST:PORT, :PORT or [IPV6]:PORT, or 0 for nowhere; found \"\(text)\"")
        }
        return address
    }
}

/// `--log-level`: swift-log's levels by name.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
