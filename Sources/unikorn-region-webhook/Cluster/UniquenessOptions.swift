import Admission
import ArgumentParser
import Claims

/// How class ids are kept unique among Regions.
struct UniquenessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            How a class id is kept from being declared by two Regions: 'claims' locks each new id by a Lease and then lists \
            all Regions, so that it never is; 'cache' looks at what is known, which lets through what is written at the \
            same moment; 'off' judges nothing. (default: claims; cache with --standalone)
            """, valueName: "claims|cache|off"))
    var uniqueness: UniquenessMode?

    @Option(
        help: ArgumentHelp(
            """
            How long a claim that does not change is respected. It must be longer than the API server's bound of a request: \
            34, or what its --request-timeout says.
            """, valueName: "SECONDS"))
    var claimTTL = Int(ClaimLimits.timeToLive.components.seconds)

    @Option(
        help: ArgumentHelp(
            "Where the Leases of claims lie, the same for all replicas. Without it, the Pod's or context's namespace.",
            valueName: "NAMESPACE"))
    var claimNamespace: String?

    static let standardNamespace = "unikorn-region-webhook"

    func timeToLive() throws -> Duration {
        let least = Int(ClaimLimits.minimumTimeToLive.components.seconds)
        guard claimTTL >= least, claimTTL <= Self.longestTimeToLive else {
            throw UsageFailure("--claim-ttl is \(least) to \(Self.longestTimeToLive) seconds, found \(claimTTL)")
        }
        return .seconds(claimTTL)
    }

    /// A lock that is left behind by a crash keeps others out for so long; a day is a slip.
    private static let longestTimeToLive = 3600
}

extension UniquenessMode: ExpressibleByArgument {}
