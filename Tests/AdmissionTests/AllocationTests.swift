import Foundation
import TestSupport
import Testing

/// What a review costs in allocations, which is most of what the core can save or waste. A count, not a time: it is the same
/// on every machine, and rises only with the code.
@Suite struct AllocationTests {
    /// A few above what there are. A build for debugging has 83, for the compiler leaves in what it removes otherwise.
    #if DEBUG
        static let regionLimit = 88
        static let nodeLimit = 10
    #else
        /// A Region of eight flavors: 16, and never more than 30.
        static let regionLimit = 19
        /// A Node of 26 KB.
        static let nodeLimit = 10
    #endif

    @Test(arguments: [
        ("region-create-eight-flavors.validate.json", regionLimit),
        ("node-update-unrelated-label.validate.json", nodeLimit),
    ])
    func core(_ name: String, _ limit: Int) throws {
        let count = try Self.count(name)
        // Under a sanitizer nothing is counted.
        if let count { #expect(count <= limit, "\(name): \(count) allocations") }
    }

    private static func count(_ name: String) throws -> Int? {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appendingPathComponent("allocation-counter")
        process.arguments = [PackageFiles.fixtures.appendingPathComponent("admission-reviews/\(name)").path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let number = String(text.split(whereSeparator: \.isWhitespace).last ?? "")
        if number == "-" { return nil }
        let count = try #require(Int(number), "\(text)")
        return count
    }
}
