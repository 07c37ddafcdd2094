import KubernetesTypes
import Testing

@Suite struct UUIDTests {
    @Test(arguments: [
        ("4be04a2e-87e6-4ff2-b34b-2994ee1600ba", UInt8(4), UUIDKey.Variant.rfc9562),
        ("fe4ecbe4-421d-4f25-8b11-69593adfef5d", 4, .rfc9562),
        ("c232ab00-9414-11ec-b3c8-9f6bdeced846", 1, .rfc9562),
        ("2ed6657d-e927-568b-95e1-2665a8aea6a2", 5, .rfc9562),
        ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", 7, .rfc9562),
        ("00000000-0000-0000-0000-000000000000", 0, .ncs),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", 15, .reserved),
        ("4be04a2e-87e6-4ff2-734b-2994ee1600ba", 4, .ncs),
        ("4be04a2e-87e6-4ff2-c34b-2994ee1600ba", 4, .microsoft),
        ("4be04a2e-87e6-4ff2-e34b-2994ee1600ba", 4, .reserved),
    ])
    func readsTheCanonicalForm(text: String, version: UInt8, variant: UUIDKey.Variant) throws {
        let key = try UUIDKey(text)
        #expect(key.description == text)
        #expect(key.version == version)
        #expect(key.variant == variant)
        #expect(key.isVersion4 == (version == 4 && variant == .rfc9562))
        #expect(key.isNil == (text.first == "0" && version == 0))
        #expect(key.isMax == (version == 15))
        #expect(text.withText { UUIDKey(anySpelling: $0) } == key)
    }

    @Test(arguments: [
        ("", UUIDError.empty),
        ("banana", .wrongLength(bytes: 6)),
        ("4be04a2e-87e6-4ff2-b34b-2994ee1600b", .wrongLength(bytes: 35)),
        ("4be04a2e-87e6-4ff2-b34b-2994ee1600baa", .wrongLength(bytes: 37)),
        ("4be04a2e-87e6-4ff2-b34b-2994ee1600bg", .badCharacter(at: 35, found: "g")),
        ("4be04a2e_87e6-4ff2-b34b-2994ee1600ba", .badCharacter(at: 8, found: "_")),
        ("4be04a2-e87e6-4ff2-b34b-2994ee1600ba", .badCharacter(at: 7, found: "-")),
        ("4be04a2e-87e6-4ff2-b34b-2994ee1600\u{E9}", .badCharacter(at: 34, found: "\u{E9}")),
        ("4be04a2e-87e6-4ff2-b34b-2994ee1600b\n", .badCharacter(at: 35, found: "\\u{000A}")),
        (" 4be04a2e-87e6-4ff2-b34b-2994ee1600ba", .wrongLength(bytes: 37)),
        ("{4be04a2e-87e6-4ff2-b34b-2994ee1600ba", .wrongLength(bytes: 37)),
    ])
    func refuses(text: String, error: UUIDError) {
        #expect(thrown { () throws(UUIDError) in _ = try UUIDKey(text) } == error)
        #expect(text.withText { UUIDKey(anySpelling: $0) } == nil)
        #expect(error.canonical == nil)
    }

    /// Other spellings are refused too, with the one to write instead.
    @Test func offersTheCanonicalSpelling() throws {
        let canonical = "4be04a2e-87e6-4ff2-b34b-2994ee1600ba"
        let key = try UUIDKey(canonical)
        let spellings: [(String, UUIDError)] = [
            ("4BE04A2E-87E6-4FF2-B34B-2994EE1600BA", .uppercase(canonical: key)),
            ("4be04a2e-87e6-4ff2-b34b-2994ee1600bA", .uppercase(canonical: key)),
            ("4be04a2e87e64ff2b34b2994ee1600ba", .undashed(canonical: key)),
            ("4BE04A2E87E64FF2B34B2994EE1600BA", .undashed(canonical: key)),
            ("{4be04a2e-87e6-4ff2-b34b-2994ee1600ba}", .braced(canonical: key)),
            ("{4BE04A2E87E64FF2B34B2994EE1600BA}", .braced(canonical: key)),
            ("urn:uuid:4be04a2e-87e6-4ff2-b34b-2994ee1600ba", .urn(canonical: key)),
            ("URN:UUID:4BE04A2E-87E6-4FF2-B34B-2994EE1600BA", .urn(canonical: key)),
        ]
        for (text, error) in spellings {
            #expect(thrown { () throws(UUIDError) in _ = try UUIDKey(text) } == error)
            #expect(text.withText { UUIDKey(anySpelling: $0) } == key)
            #expect(error.canonical == key)
            #expect(error.description.contains("write \"\(canonical)\""))
        }
    }

    @Test func ordersAsTheTexts() throws {
        var generator = FixedGenerator(seed: 9)
        var keys: [UUIDKey] = []
        for _ in 0..<200 {
            let key = UUIDKey(high: generator.next(), low: generator.next())
            #expect(try UUIDKey(key.description) == key)
            keys.append(key)
        }
        #expect(keys.sorted().map(\.description) == keys.map(\.description).sorted())
    }

    @Test func noTextCrashes() {
        var generator = FixedGenerator(seed: 3)
        for text in [
            "4be04a2e-87e6-4ff2-b34b-2994ee1600ba", "{4be04a2e-87e6-4ff2-b34b-2994ee1600ba}",
            "urn:uuid:4be04a2e-87e6-4ff2-b34b-2994ee1600ba", "4be04a2e87e64ff2b34b2994ee1600ba",
        ] {
            for bytes in mutations(of: text, using: &generator) {
                bytes.withText { text in
                    let error = thrown { () throws(UUIDError) in _ = try UUIDKey(text) }
                    if let error { #expect(!error.description.isEmpty) }
                    _ = UUIDKey(anySpelling: text)
                }
            }
        }
    }
}
