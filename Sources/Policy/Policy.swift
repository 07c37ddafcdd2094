import KubernetesTypes
package import RegionAPI

/// The validation core: every mode of the program, server and offline, judges through these functions.
package struct Policy: Sendable {
    package let settings: PolicySettings

    package init(_ settings: PolicySettings) {
        self.settings = settings
    }

    /// What the rules make of what is done to one object: the one entry of every mode, server and offline. Absent
    /// fields get their defaults first, as the API server would have them by then.
    package func judge(_ review: ObjectReview, surroundings: Surroundings) -> [Finding] {
        switch (review.kind, review.operation, review.object, review.oldObject) {
        case (.region, .create, let object?, _): return judge(region: object, old: nil, review, surroundings)
        case (.region, .update, let object?, let old): return judge(region: object, old: old, review, surroundings)
        case (.region, .delete, _, let old?): return judgeDeletion(of: Region(old), surroundings: surroundings)
        case (.node, .create, let object?, _):
            return judge(Node(object), old: nil, isKubelet: review.isKubelet, surroundings: surroundings)
        case (.node, .update, let object?, let old):
            return judge(Node(object), old: old.map { Node($0) }, isKubelet: false, surroundings: surroundings)
        default: return []
        }
    }

    private func judge(
        region object: Value, old: Value?, _ review: ObjectReview, _ surroundings: Surroundings
    ) -> [Finding] {
        let region = Region(object)
        let old = old.map { Region($0) }
        // A change that no rule reads. Compared as sent: a default would look like a change.
        if let old, !region.differs(from: old) { return [] }
        return judge(region, old: old, namespace: review.namespace, surroundings: surroundings)
    }

    /// What the rules make of a Region that was decoded already. `old` is the version that is replaced, on UPDATE, and
    /// `namespace` the request's, where the object does not say its own. Defaults come from `nodes` where the Nodes of the
    /// surroundings are not meant.
    package func judge(
        _ region: Region, old: Region? = nil, namespace: String? = nil, surroundings: Surroundings,
        defaultsFrom nodes: Inventory? = nil
    ) -> [Finding] {
        let defaults = defaults(for: region, namespace: namespace, nodes ?? surroundings.inventory)
        if defaults.isEmpty { return judge(region, old: old, namespace ?? "", surroundings) }
        let document = DefaultedDocument(region.value, defaults)
        return withExtendedLifetime(document) {
            judge(Region(document.root), old: old, namespace ?? "", surroundings)
        }
    }

    /// What a Region lacks and gets.
    package func defaults(for region: Region, namespace: String?, _ inventory: Inventory) -> [Default] {
        Default.all(for: region, namespace: namespace, nodes: settings.takesDefaultsFromNodes ? inventory : nil)
    }

    /// What the rules make of a Region that is written, in the order of the catalogue. What the version that is replaced
    /// had too is a warning. The namespace is the request's, where the object does not say its own.
    private func judge(_ region: Region, old: Region?, _ namespace: String, _ surroundings: Surroundings) -> [Finding] {
        if let old, region.metadata.isBeingDeleted {
            // An object on its way out. An id that is new is judged all the same: the API server stores a PATCH of it.
            guard !surroundings.isEmpty else { return [] }
            var findings = Findings(settings)
            let change = RegionChange(old: RegionRecord(old, namespace: namespace))
            Checks.all.uniqueness.run(RegionRecord(region, namespace: namespace), change, surroundings, &findings)
            return findings.list
        }
        var findings = local(region, old: old)
        if let old, findings.list.contains(where: { $0.severity == .deny }) {
            Ratchet(old: local(old, old: nil).list, oldValue: old.value).apply(to: &findings, of: region.value)
        }
        if !surroundings.isEmpty {
            let record = RegionRecord(region, namespace: namespace)
            let change = RegionChange(old: old.map { RegionRecord($0, namespace: namespace) })
            for check in Checks.all.regionInventory { check.run(record, change, surroundings, &findings) }
        }
        return findings.list
    }

    /// What the rules about other objects make of a Region, for who keeps records of what was read before.
    package func judge(_ record: RegionRecord, surroundings: Surroundings) -> [Finding] {
        var findings = Findings(settings)
        let change = RegionChange(old: nil)
        for check in Checks.all.regionInventory { check.run(record, change, surroundings, &findings) }
        return findings.list
    }

    /// The rules that look at one Region and its old version.
    private func local(_ region: Region, old: Region?) -> Findings {
        var findings = Findings(settings)
        reportMismatches(region.mismatches, in: region.value, &findings)
        // Without a spec there is one thing to say, and the decoder or `region-provider` says it.
        let review = RegionReview(region: region, old: old, settings: settings)
        let checks = Checks.all
        for check in checks.region { check.run(review, &findings) }
        // All checks of one flavor before the next: it is large, and this way it is fetched once.
        let flavors = region.flavors
        // By index: an iterator copies each flavor.
        for index in flavors.indices {
            if old == nil, flavors[index].isPlainlyRight { continue }
            for check in checks.flavor { check.run(flavors[index], review, &findings) }
        }
        return findings
    }

    /// What is to be said about a Region that is being deleted. Deletion is never refused.
    private func judgeDeletion(of region: Region, surroundings: Surroundings) -> [Finding] {
        var findings = Findings(settings)
        findings.ceiling = .warn
        guard !surroundings.isEmpty else { return [] }
        let record = RegionRecord(region)
        for check in Checks.all.regionDelete { check.run(record, surroundings, &findings) }
        return findings.list
    }

    /// What the rules make of a Node that is written: nothing, unless it carries the class label or carried it, and
    /// the label changes.
    ///
    /// Where a kubelet registers its own Node nothing may be refused: a restarted kubelet would retry for ever and a
    /// running node go down.
    func judge(_ node: Node, old: Node?, isKubelet: Bool, surroundings: Surroundings) -> [Finding] {
        var findings = Findings(settings)
        // An object on its way out passes.
        if old != nil, node.metadata.isBeingDeleted { return [] }
        if isKubelet { findings.ceiling = .warn }
        if old == nil { reportMismatches(node.mismatches, in: node.value, &findings) }
        guard node.changesClass(from: old) else { return findings.list }
        if old != nil { reportMismatches(node.mismatches, in: node.value, &findings) }
        let review = NodeReview(node: node, old: old, settings: settings)
        for check in Checks.all.node { check.run(review, &findings) }
        if !surroundings.isEmpty, let record = NodeRecord(node) {
            judge(record, surroundings, &findings)
        }
        return findings.list
    }

    /// What the rules about other objects make of a Node, for who keeps records of what was read before.
    package func judge(_ record: NodeRecord, surroundings: Surroundings) -> [Finding] {
        var findings = Findings(settings)
        judge(record, surroundings, &findings)
        return findings.list
    }

    private func judge(_ record: NodeRecord, _ surroundings: Surroundings, _ findings: inout Findings) {
        // A value that is no UUID is no class either; its form is the finding.
        guard record.nodeClass.withText({ UUIDKey(canonical: $0) }) != nil else { return }
        for check in Checks.all.nodeInventory { check.run(record, surroundings, &findings) }
    }

    func reportMismatches(_ mismatches: [TypeMismatch], in root: Value, _ findings: inout Findings) {
        if mismatches.isEmpty { return }
        var index = ValueIndex(root)
        for mismatch in mismatches.prefix(Self.maximumMismatches) {
            findings.report(
                .type, .typeInvalid, index.path(to: mismatch.value) ?? FieldPath(), value: mismatch.value,
                "expected \(mismatch.expected), found \(mismatch.found)")
        }
        guard mismatches.count > Self.maximumMismatches else { return }
        // An old object is known to have had just these only where all of its spec is the same.
        let others = mismatches.count - Self.maximumMismatches
        findings.report(
            .type, .typeInvalid, FieldPath("spec"), shown: nil,
            "and \(mismatches.count < Decoder.maximumMismatches ? "" : "at least ")\(others) more fields of a wrong type"
        )
    }

    /// More than anybody reads.
    private static let maximumMismatches = 1_000
}

extension Region {
    /// Whether anything that rules read differs between two versions of one Region.
    func differs(from old: Region) -> Bool {
        guard displayName.isEqual(to: old.displayName) else { return true }
        switch (spec, old.spec) {
        case (.present(let new), .present(let old)): return !new.isEqual(to: old)
        case (.absent, .absent): return false
        default: return true
        }
    }
}

extension Node {
    /// Whether the class label differs between two versions of one Node; without an old one, whether there is one.
    func changesClass(from old: Node?) -> Bool {
        guard let old else { return !nodeClass.isAbsent }
        return !nodeClass.isEqual(to: old.nodeClass)
    }
}

extension Field where Content == Text {
    func isEqual(to other: Field<Text>) -> Bool {
        switch (self, other) {
        case (.absent, .absent): true
        case (.present(let left), .present(let right)): left == right
        default: false
        }
    }
}
