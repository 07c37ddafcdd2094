// The fuzzer of every target: `fuzz TARGET [libFuzzer's arguments]`, and `fuzz --seeds TARGET DIRECTORY`, which writes the
// seeds of a target as files. Tests/fuzz/run calls it.
import CLibFuzzer
import Foundation
import FuzzTargets

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("fuzz: \(message)\n".utf8))
    exit(2)
}

/// A C function captures nothing.
nonisolated(unsafe) var target: FuzzTarget?

var arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "--list"?: FuzzTarget.all.forEach { print($0.name) }
case "--seeds"?:
    guard arguments.count == 3, let target = FuzzTarget(named: arguments[1]) else { fail("--seeds TARGET DIRECTORY") }
    for (index, seed) in try target.seeds().enumerated() {
        try Data(seed.bytes).write(to: URL(fileURLWithPath: arguments[2]).appendingPathComponent("seed-\(index)"))
    }
case let name?:
    guard let chosen = FuzzTarget(named: name) else { fail("there is no target \(name)") }
    target = chosen
    var count = Int32(arguments.count)
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    pointers.withUnsafeMutableBufferPointer { buffer in
        var base = buffer.baseAddress
        let code = LLVMFuzzerRunDriver(&count, &base) { data, size in
            do {
                try target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
            } catch {
                FileHandle.standardError.write(Data("fuzz: \(error)\n".utf8))
                abort()
            }
            return 0
        }
        exit(code)
    }
case nil: fail("which target? \(FuzzTarget.all.map(\.name).joined(separator: " "))")
}
