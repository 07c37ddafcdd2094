import Foundation
import TestSupport

/// An invariant that an input breaks.
package struct FuzzFault: Error, CustomStringConvertible {
    package let description: String
}

/// Throws where an invariant does not hold.
func hold(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw FuzzFault(description: message()) }
}

func equal<Content: Equatable>(_ left: Content, _ right: Content, _ message: @autoclosure () -> String) throws {
    try hold(left == right, "\(message()): \(left) is not \(right)")
}

/// A function that takes any bytes, and must neither crash nor break what it promises.
package struct FuzzTarget: Sendable, CustomStringConvertible {
    package let name: String
    /// Throws a `FuzzFault`.
    package let run: @Sendable ([UInt8]) throws -> Void
    /// Files of `Tests` that serve as seeds besides the target's own.
    private let fixtures: @Sendable () -> [URL]
    /// Seeds that no file holds.
    private let made: @Sendable () -> [[UInt8]]

    private init(
        _ name: String, fixtures: @escaping @Sendable () -> [URL] = { [] },
        made: @escaping @Sendable () -> [[UInt8]] = { [] }, _ run: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        (self.name, self.fixtures, self.made, self.run) = (name, fixtures, made, run)
    }

    package var description: String { name }

    package static let all = [
        FuzzTarget("quantity", QuantityFuzz.run),
        FuzzTarget("names", NameFuzz.run),
        FuzzTarget("yaml", fixtures: { below("rules", "cases") }, YAMLFuzz.run),
        FuzzTarget("json", fixtures: { below("admission-reviews") }, JSONFuzz.run),
        FuzzTarget("review", fixtures: { below("admission-reviews") }, ReviewFuzz.run),
        FuzzTarget("regions", RegionFuzz.run),
        FuzzTarget("kubeconfig", KubeconfigFuzz.run),
        FuzzTarget("requests", RequestFuzz.run),
        FuzzTarget("durations", DurationFuzz.run),
        FuzzTarget("lists", ListFuzz.run),
        FuzzTarget("pem", made: PEMFuzz.made, PEMFuzz.run),
    ]

    package init?(named name: String) {
        guard let target = Self.all.first(where: { $0.name == name }) else { return nil }
        self = target
    }

    private static func below(_ directories: String...) -> [URL] {
        directories.flatMap {
            PackageFiles.files(below: PackageFiles.fixtures.appendingPathComponent($0), ending: ".yaml", ".json")
        }
    }
}

extension FuzzTarget {
    /// An input to start from: hand-made, a fixture of other tests, or one that once broke something.
    package struct Seed: Sendable, CustomStringConvertible {
        package let description: String
        package let bytes: [UInt8]
    }

    /// The lines of `Tests/fuzz/seeds/NAME.jsonl`, and fixtures.
    ///
    /// A line is a string, or `{"hex": …}` for bytes that no editor would leave alone, or `{"repeat": …, "times": …}`
    /// with an optional `"then"`; `"why"` says what the input once broke. Certificates and keys are placeholders.
    package func seeds() throws -> [Seed] {
        let file = PackageFiles.root.appendingPathComponent("Tests/fuzz/seeds/\(name).jsonl")
        var seeds: [Seed] = []
        for (index, line) in try PackageFiles.bytes(of: file).split(separator: UInt8(ascii: "\n")).enumerated() {
            let bytes = try InputText.bytes(
                ofJSON: Array(Placeholders.fill(String(decoding: line, as: UTF8.self)).utf8))
            seeds.append(Seed(description: "\(name).jsonl:\(index + 1)", bytes: bytes))
        }
        for (index, bytes) in made().enumerated() {
            seeds.append(Seed(description: "made \(index + 1)", bytes: bytes))
        }
        for fixture in fixtures() {
            let bytes = try PackageFiles.bytes(of: fixture)
            let text = Placeholders.fill(String(decoding: bytes, as: UTF8.self))
            seeds.append(Seed(description: fixture.lastPathComponent, bytes: Array(text.utf8)))
        }
        return seeds
    }
}
