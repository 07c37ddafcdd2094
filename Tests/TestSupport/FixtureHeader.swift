package import Policy

/// What the comment lines at the top of a fixture say.
///
/// ```
/// # deny: id id…      exactly these rules refuse
/// # warn: id …        exactly these rules warn
/// # allow             no finding at all
/// # flags: …          --strict, --rule ID=LEVEL, --complete, --class-id-version any, --region-namespace NAME,
///                     --default-from-nodes
/// # offline-only      the server cannot see it, or sees it otherwise
/// ```
///
/// Any other comment is for who reads the file.
package struct FixtureHeader: Hashable, Sendable {
    package var deny: Set<String> = []
    package var warn: Set<String> = []
    package var isAllow = false
    package var flags: [String] = []
    package var isOfflineOnly = false

    package init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("#") else { return }
            let words: [String] = line.dropFirst(1).split(separator: " ").map { String($0) }
            switch words.first {
            case "deny:": deny.formUnion(words.dropFirst())
            case "warn:": warn.formUnion(words.dropFirst())
            case "allow": isAllow = true
            case "flags:": flags += words.dropFirst()
            case "offline-only": isOfflineOnly = true
            default: continue
            }
        }
    }

    /// Whether it says what the file's verdict is.
    package var hasVerdict: Bool { isAllow != (!deny.isEmpty || !warn.isEmpty) }

    package var rules: Set<String> { deny.union(warn) }
}

/// Flags of the command line that change a verdict.
package struct FixtureFlags: Sendable {
    package var isStrict = false
    package var levels: [RuleID: Level] = [:]
    package var isComplete = false
    package var acceptsAnyClassIDVersion = false
    package var regionNamespace: String?
    package var takesDefaultsFromNodes = false

    package struct Unknown: Error, CustomStringConvertible {
        package let description: String
    }

    package init(_ words: [String]) throws {
        var words = words[...]
        while let word = words.popFirst() {
            switch word {
            case "--strict": isStrict = true
            case "--complete": isComplete = true
            case "--default-from-nodes": takesDefaultsFromNodes = true
            case "--region-namespace": regionNamespace = words.popFirst()
            case "--class-id-version": acceptsAnyClassIDVersion = words.popFirst() == "any"
            case "--rule":
                let parts = words.popFirst()?.split(separator: "=").map(String.init) ?? []
                guard parts.count == 2, let rule = RuleID(rawValue: parts[0]), let level = Level(rawValue: parts[1])
                else { throw Unknown(description: "--rule \(parts.joined(separator: "="))") }
                levels[rule] = level
            default: throw Unknown(description: word)
            }
        }
    }

    package func settings(isOffline: Bool) -> PolicySettings {
        var settings = PolicySettings.forTests
        settings.levels = levels
        settings.isStrict = isStrict
        settings.acceptsAnyClassIDVersion = acceptsAnyClassIDVersion
        if let regionNamespace { settings.regionNamespace = regionNamespace }
        settings.isOffline = isOffline
        settings.takesDefaultsFromNodes = takesDefaultsFromNodes
        return settings
    }
}
