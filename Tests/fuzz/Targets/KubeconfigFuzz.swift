import KubernetesTypes
import Manifests
import Policy

/// A kubeconfig: facts, and none of its content.
enum KubeconfigFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let facts = KubeconfigReader.facts(bytes)
        let again = KubeconfigReader.facts(bytes)
        try hold(facts.faults == again.faults && facts.certificates == again.certificates, "two readings differ")
        for fault in facts.faults {
            try holdPrintable(fault.field)
            try holdPrintable(fault.detail)
            // The program's own words are ASCII and short; what is not may be the Secret's.
            try hold((fault.field + fault.detail).utf8.allSatisfy { $0 < 0x80 }, "\(fault) quotes the kubeconfig")
            try hold(fault.detail.utf8.count < 128, "\(fault) is long")
        }
        // A marker in the input must not come out again.
        let marker = "s3cr3tM4rk3r"
        try hold(facts.faults.allSatisfy { !"\($0)".contains(marker) }, "a fault quotes the kubeconfig")
    }
}
