// What one review costs without sockets: time and allocations, of the whole way from bytes to bytes.
//
//   core-bench [--iterations N] FILE ...      FILE.mutate.json goes to the mutating webhook
import CMallocCounter
import Admission
import Dispatch
import Foundation
import Policy
import WebhookServer

let arguments = CommandLine.arguments.dropFirst()
var iterations = 20_000
var files: [String] = []
var isNumber = false
for argument in arguments {
    if isNumber {
        iterations = Int(argument) ?? iterations
        isNumber = false
    } else if argument == "--iterations" {
        isNumber = true
    } else {
        files.append(argument)
    }
}

let admission = Admission(policy: Policy(PolicySettings { _ in true }))
let processor = AdmissionProcessor(admission: admission) { Inventory() }
for file in files {
    var body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    let count = body.count
    body += [UInt8](repeating: 0, count: reviewBodyPadding)
    let endpoint: ReviewEndpoint = file.contains(".mutate.") ? .mutate : .validate
    var response: [UInt8] = []
    response.reserveCapacity(16_384)
    var checksum = 0
    func run(_ times: Int) {
        body.withUnsafeBytes { bytes in
            let body = UnsafeRawBufferPointer(rebasing: bytes[..<count])
            for _ in 0..<times {
                response.removeAll(keepingCapacity: true)
                checksum &+= processor.process(body, endpoint: endpoint, response: &response).status
            }
        }
    }
    run(iterations / 10)
    let allocations = malloc_counter()
    let start = DispatchTime.now().uptimeNanoseconds
    run(iterations)
    let time = DispatchTime.now().uptimeNanoseconds - start
    let each = Double(malloc_counter() - allocations) / Double(iterations)
    let name = URL(fileURLWithPath: file).lastPathComponent
    print("core: \(name) \(Double(time / UInt64(iterations)) / 1000) µs, \(each) allocations")
}
