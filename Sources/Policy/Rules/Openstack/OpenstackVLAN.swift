import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: segments with 1 ≤ startId ≤ endId ≤ 4094 that do not overlap (overlap: a warning).
    package static let openstackVLAN: Rule = Rule(
        .openstackVLAN, .deny,
        summary: "VLAN segments have 1 ≤ startId ≤ endId ≤ 4094 and do not overlap (overlap: a warning).",
        goesWrong: "Newer servers fall back to the whole range, and hand out ids that others use.",
        remedy: "Correct the ends of the segment; both belong to it.",
        check: .region { review, findings in
            guard let segments = review.region.openstack.content?.vlanSegments.content else { return }
            var valid: [(segment: VLANSegment, start: Int64, end: Int64)] = []
            for segment in segments {
                guard let start = end(segment.startID, "startId", of: segment, &findings),
                    let end = end(segment.endID, "endId", of: segment, &findings)
                else { continue }
                if start > end {
                    findings.report(
                        .openstackVLAN, .invalid, segment.path, shown: "\(start)-\(end)",
                        "startId must not be above endId")
                } else {
                    valid.append((segment, start, end))
                }
            }
            // In the order of their starts, a segment overlaps one before it if it starts within the furthest so far.
            var furthest: (segment: VLANSegment, end: Int64)?
            for (segment, start, end) in valid.sorted(by: { $0.start < $1.start }) {
                if let before = furthest, start <= before.end {
                    findings.report(
                        .openstackVLAN, .invalid, segment.path, shown: "\(start)-\(end)",
                        "overlaps \(before.segment.path)", as: .warn)
                }
                if end > furthest?.end ?? 0 { furthest = (segment, end) }
            }
        })

    private static func end(
        _ field: Field<Int64>, _ name: String, of segment: VLANSegment, _ findings: inout Findings
    ) -> Int64? {
        switch field {
        case .invalid: return nil
        case .absent:
            findings.report(
                .openstackVLAN, .required, segment.path.field(name), shown: nil,
                "a VLAN id, \(vlanIDs.lowerBound) to \(vlanIDs.upperBound)")
            return nil
        case .present(let id):
            if vlanIDs.contains(id) { return id }
            findings.report(
                .openstackVLAN, .invalid, segment.path.field(name), shown: String(id),
                "must be \(vlanIDs.lowerBound) to \(vlanIDs.upperBound)")
            return nil
        }
    }

    /// IEEE 802.1Q: 0 and 4095 are reserved.
    private static let vlanIDs: ClosedRange<Int64> = 1...4094
}
