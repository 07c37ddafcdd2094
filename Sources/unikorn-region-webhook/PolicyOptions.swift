import ArgumentParser
import Policy
import TLS

/// The options that every judging mode has.
struct PolicyOptions: ParsableArguments {
    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp("Set a rule to deny, warn or off; may be repeated.", valueName: "ID=deny|warn|off"),
        transform: { try RuleLevel(argument: $0) })
    var rules: [RuleLevel] = []

    @Flag(help: "Refuse what is only warned about by the rules that 'rules' marks with †.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "Which UUID versions a class id may have; with 'any', another than 4 is a warning.", valueName: "4|any"))
    var classIDVersion: ClassIDVersion = .four

    @Option(help: ArgumentHelp("The namespace in which the region service looks for Regions.", valueName: "NAMESPACE"))
    var regionNamespace = "unikorn-region"

    /// The settings these options make.
    func settings(isOffline: Bool) -> PolicySettings {
        var settings = PolicySettings { pem in
            (try? CertificateInspection.isECPublicKey(inPEM: pem, name: "signingKey")) ?? false
        }
        for rule in rules { settings.levels[rule.id] = rule.level }
        settings.isStrict = strict
        settings.acceptsAnyClassIDVersion = classIDVersion == .any
        settings.regionNamespace = regionNamespace
        settings.isOffline = isOffline
        return settings
    }
}

/// The option of the modes that give absent fields a default: an audit judges what is stored as it stands.
struct DefaultOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Give a flavor that says no CPUs, memory, disk or GPU what the Nodes of its class agree on (default-from-nodes)."
        ))
    var defaultFromNodes = false
}

enum ClassIDVersion: String, ExpressibleByArgument, CaseIterable {
    case four = "4"
    case any
}
