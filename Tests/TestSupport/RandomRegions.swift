/// Pseudo-random numbers that are the same in every run (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Regions as users write them, and worse: fields absent, null, of the wrong type, equal to each other.
package struct RandomRegions<Generator: RandomNumberGenerator> {
    private var generator: Generator

    package init(using generator: Generator) { self.generator = generator }

    private mutating func pick(_ choices: [String?]) -> String? {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    private mutating func gpu() -> String? {
        guard Bool.random(using: &generator) else { return nil }
        return RegionText.gpu(
            model: pick(Choices.models), memory: pick(Choices.sizes), physical: pick(Choices.counts),
            logical: pick(Choices.counts))
    }

    package mutating func next() -> String {
        let flavors = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
            // Few ids, so that some are equal, and all of one first part.
            RegionText.flavor(
                Int.random(in: 0...9, using: &generator), name: .some(pick(Choices.names)), cpu: pick(Choices.cpus),
                memory: pick(Choices.sizes), disk: pick(Choices.sizes), gpu: gpu())
        }
        let secret = pick(["{\"name\":\"s\"}", "{\"name\":\"s\",\"namespace\":null}", "{}", "null"]) ?? "null"
        let tags = pick(["", ",\"tags\":[]", ",\"tags\":null"]) ?? ""
        return """
            {"apiVersion":"region.unikorn-cloud.org/v1alpha1","kind":"Region","metadata":{"namespace":"unikorn-region",\
            "name":"\(RegionText.name)","labels":{"unikorn-cloud.org/name":"de-central-0"}},"spec":{"provider":\
            "kubernetes","kubernetes":{"kubeConfigSecret":\(secret),"nodes":[\(flavors.joined(separator: ","))]}\
            \(tags)}}
            """
    }
}

extension RandomRegions where Generator == SeededGenerator {
    package init(seed: UInt64) { self.init(using: SeededGenerator(seed: seed)) }
}

/// JSON that a field may hold; nil is no field at all.
private enum Choices {
    static let names: [String?] = [nil, nil, nil, "null", "\"\"", "\"flavor\"", "\"cpu2-mem4-disk40\"", "7"]
    static let sizes: [String?] = [
        "\"4Gi\"", "\"4Gi\"", "\"40Gi\"", "\"1500Mi\"", "42949672960", "\"1e1.5\"", "\"-1\"", "null", nil, "true",
    ]
    static let cpus: [String?] = ["{\"count\":2}", "{\"count\":2}", "{\"count\":4}", "{}", "null", nil, "3"]
    static let counts: [String?] = ["8", "8", "4", "1", "0", "-1", "null", nil, "\"8\""]
    static let models: [String?] = [
        "\"H100\"", "\"A100 80GB\"", "\"\"", "\"---\"", "\"MÜ/LLER\"", "null", nil,
        "\"NVIDIA-RTX-PRO-6000-BLACKWELL-SERVER-EDITION-WITH-A-VERY-LONG-NAME-INDEED\"",
    ]
}
