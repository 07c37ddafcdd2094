// What one review costs without sockets: time and allocations, of the whole way from bytes to bytes.
//
//   core-bench [--iterations N] FILE ...      FILE.mutate.json goes to the mutating webhook
import Admission
import CMallocCounter
import Documents
import Glibc
import KubernetesTypes
import Policy

/// As the server does it: parse, read, decide, write.
struct Core {
    private let parser = JSONParser(emptying: AdmissionReview.unread)
    private let admission = Admission(policy: Policy(PolicySettings { _ in true }))
    private let inventory = Inventory()

    func answer(_ body: UnsafeRawBufferPointer, count: Int, _ endpoint: Endpoint, into response: inout [UInt8]) throws {
        let review = try AdmissionReview(parser.parse(body, count: count))
        let decision = try admission.decide(review, endpoint: endpoint, inventory: inventory, now: 0)
        Answer.write(decision, to: review, into: &response)
    }
}

/// The file's bytes, and after them what simdjson may read.
func contents(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    bytes.removeLast(bytes.count - count)
    return bytes
}

func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

let core = Core()
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

for file in files {
    guard var body = contents(file) else {
        print("core: \(file) cannot be read")
        exit(2)
    }
    let count = body.count
    body += [UInt8](repeating: 0, count: JSONParser.padding)
    let endpoint: Endpoint = file.contains(".mutate.") ? .mutate : .validate
    var response: [UInt8] = []
    response.reserveCapacity(16_384)
    func run(_ times: Int) throws {
        try body.withUnsafeBytes { bytes in
            for _ in 0..<times {
                response.removeAll(keepingCapacity: true)
                try core.answer(bytes, count: count, endpoint, into: &response)
            }
        }
    }
    try run(iterations / 10)
    let allocations = malloc_counter()
    let start = nanoseconds()
    try run(iterations)
    let time = nanoseconds() - start
    let each = Double(malloc_counter() - allocations) / Double(iterations)
    let name = file.split(separator: "/").last ?? ""
    print("core: \(name) \(Double(time / UInt64(iterations)) / 1000) µs, \(each) allocations")
}
