// Counts the allocations of the core for one review, from the body's bytes to the answer's:
//
//   allocation-counter FILE ...      FILE.mutate.json goes to the mutating webhook
//
// A line for each file: its name and the number, or "-" where a sanitizer has malloc to itself. A program of its own,
// since it replaces malloc for the whole process.
import Admission
import CMallocCounter
import Documents
import Foundation
import Policy

/// The first reviews fill buffers that are kept; the counted ones must all cost the same.
let warmUp = 20
let counted = 50

let admission = Admission(policy: Policy(PolicySettings { _ in true }))
let parser = JSONParser(emptying: AdmissionReview.unread)
var answer: [UInt8] = []
answer.reserveCapacity(65_536)

@MainActor func review(_ body: [UInt8], _ endpoint: Endpoint) throws {
    answer.removeAll(keepingCapacity: true)
    try body.withUnsafeBytes { bytes in
        let review = try AdmissionReview(try parser.parse(bytes))
        let decision = try admission.decide(review, endpoint: endpoint, inventory: Inventory(), now: 0)
        Answer.write(decision, to: review, into: &answer)
    }
}

for file in CommandLine.arguments.dropFirst() {
    let body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    let endpoint: Endpoint = file.contains(".mutate.") ? .mutate : .validate
    for _ in 0..<warmUp { try review(body, endpoint) }
    let start = malloc_counter()
    for _ in 0..<counted { try review(body, endpoint) }
    let count = Int(malloc_counter() - start)
    let name = URL(fileURLWithPath: file).lastPathComponent
    print(name, malloc_is_counted() ? String((count + counted - 1) / counted) : "-")
}
