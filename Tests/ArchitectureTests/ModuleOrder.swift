/// Who may import whom: the order of the design, from the core outwards.
struct ModuleOrder {
    struct Module {
        let name: String
        /// Modules of this package, all of them before it in the order.
        let imports: Set<String>
        /// C libraries, of which each has one owner.
        var libraries: Set<String> = []
        /// Whether it does no I/O: no module from outside the package.
        var isPure = false
    }

    static let project: [Module] = [
        Module(name: "KubernetesTypes", imports: [], isPure: true),
        Module(name: "Claims", imports: ["KubernetesTypes"], isPure: true),
        Module(name: "RegionAPI", imports: ["KubernetesTypes"], isPure: true),
        Module(name: "Policy", imports: ["RegionAPI", "KubernetesTypes"], isPure: true),
        Module(name: "Admission", imports: ["Policy", "RegionAPI", "KubernetesTypes"], isPure: true),
        Module(name: "Documents", imports: ["KubernetesTypes"], libraries: ["CYAML", "CSimdjson"]),
        Module(name: "TLS", imports: [], libraries: ["COpenSSL"]),
        Module(name: "Reporting", imports: ["Policy", "RegionAPI", "KubernetesTypes"]),
        Module(
            name: "Manifests",
            imports: ["Documents", "TLS", "Reporting", "Admission", "Policy", "RegionAPI", "KubernetesTypes"]),
        Module(
            name: "KubernetesClient",
            imports: ["Claims", "Documents", "TLS", "Admission", "Policy", "RegionAPI", "KubernetesTypes"]),
        Module(
            name: "WebhookServer",
            imports: ["Documents", "TLS", "Admission", "Policy", "RegionAPI", "KubernetesTypes"]),
        Module(
            name: "unikorn-region-webhook",
            imports: [
                "WebhookServer", "KubernetesClient", "Claims", "Manifests", "Reporting", "TLS", "Documents",
                "Admission",
                "Policy",
                "RegionAPI", "KubernetesTypes",
            ]),
    ]

    /// Nobody's: a binary that starts in 11 ms and idles in 18 MB does not load it, and rules read bytes.
    static let forbidden: Set<String> = [
        "Foundation", "FoundationEssentials", "FoundationNetworking", "RegexBuilder", "_StringProcessing",
    ]

    /// Lines that a source file may have: beyond it, it has more than one reason to change.
    static let maximumLines = 300

    let modules: [Module]

    init(_ modules: [Module] = project) {
        self.modules = modules
    }

    /// The table itself must be an order.
    var disorder: [String] {
        var before: Set<String> = []
        var found: [String] = []
        for module in modules {
            let later = module.imports.subtracting(before).sorted()
            if !later.isEmpty {
                found.append("\(module.name) imports what comes after it: \(later.joined(separator: ", "))")
            }
            if !before.insert(module.name).inserted { found.append("\(module.name) stands twice") }
        }
        return found
    }

    /// What is wrong with a source file of a module.
    func violations(in text: String, of name: String, file: String) -> [String] {
        var found: [String] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // The last line ends with a line feed too.
        let count = lines.last?.isEmpty == true ? lines.count - 1 : lines.count
        if count > Self.maximumLines { found.append("\(file): \(count) lines, more than \(Self.maximumLines)") }
        guard let module = modules.first(where: { $0.name == name }) else {
            return found + ["\(file): module \(name) has no place in the order"]
        }
        for (number, line) in lines.enumerated() {
            guard let imported = Self.module(importedBy: line), let fault = fault(imported, module) else { continue }
            found.append("\(file):\(number + 1): \(name) imports \(imported): \(fault)")
        }
        return found
    }

    private func fault(_ imported: String, _ module: Module) -> String? {
        if module.imports.contains(imported) || module.libraries.contains(imported) { return nil }
        if Self.forbidden.contains(imported) { return "no module does" }
        if modules.contains(where: { $0.name == imported }) { return "the order turns round" }
        if let owner = modules.first(where: { $0.libraries.contains(imported) }) { return "only \(owner.name) does" }
        return module.isPure ? "the core does no I/O" : nil
    }

    /// The module that a line imports: `import A`, `package import A`, `@testable import struct A.B`.
    static func module(importedBy line: some StringProtocol) -> String? {
        var words = line.split(whereSeparator: { " \t".contains($0) }).map { String($0) }[...]
        while let word = words.first, word.hasPrefix("@") || Self.accessLevels.contains(word) { words.removeFirst() }
        guard words.popFirst() == "import", var name = words.popFirst() else { return nil }
        if Self.importedKinds.contains(name), let next = words.popFirst() { name = next }
        return name.split(whereSeparator: { ".;/".contains($0) }).first.map { String($0) }
    }

    private static let accessLevels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
    private static let importedKinds: Set<String> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "var", "let",
    ]
}
