import ArgumentParser
import KubernetesClient

/// Which cluster is asked, and as whom.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The cluster to ask. Without it, that of the Pod this runs in, or that of the variable KUBECONFIG.",
            valueName: "FILE"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context, in place of its current one.", valueName: "NAME"))
    var context: String?

    /// Whether either was given.
    var isGiven: Bool { kubeconfig != nil || context != nil }

    /// What it takes to reach the cluster.
    func configuration() throws -> ClientConfiguration {
        let isPod = !isGiven && InCluster.isAvailable
        guard isPod || isGiven || Kubeconfig.isInEnvironment else {
            throw UsageFailure(
                "there is no cluster to ask: this is no Pod, and neither --kubeconfig nor KUBECONFIG names one")
        }
        do throws(ClientConfigurationError) {
            if isPod { return try InCluster.configuration() }
            return try Kubeconfig.load(path: kubeconfig, context: context)
        } catch {
            throw UsageFailure(error.description)
        }
    }
}

/// What `serve` does while objects are not known.
struct UnknownObjectOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            What to do with a Region that a rule about other objects could refuse while these are not known: 'retry' has \
            the API server send it again, 'allow' lets it through with a warning.
            """, valueName: "retry|allow"))
    var whenUnknown: WhenUnknown = .retry

    @Option(
        help: ArgumentHelp(
            "How old what is known of a cluster may become, while that cannot be reached, before it counts as unknown.",
            valueName: "SECONDS"))
    var maxInventoryAge = 300
}

enum WhenUnknown: String, ExpressibleByArgument, CaseIterable {
    case retry, allow
}
