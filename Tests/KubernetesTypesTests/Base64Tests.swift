import KubernetesTypes
import Testing

@Suite struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func vectors(plain: String, encoded: String) throws {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(try Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test func skipsLineBreaksWhereverTheyStand() throws {
        for text in ["Zm9v\nYg==", "Zm9vYg=\r\n=", "\nZm9vYg==\n\n", "Z\rm9vYg==\n", "Zm9vY\ng=="] {
            #expect(try Base64.decode(text) == Array("foob".utf8))
        }
        #expect(try Base64.decode("\r\n") == [])
    }

    /// Go's decoder does not look at the bits that no byte holds.
    @Test func ignoresUnusedBits() throws {
        #expect(try Base64.decode("Zh==") == Array("f".utf8))
        #expect(try Base64.decode("Zm9=") == Array("fo".utf8))
    }

    @Test(arguments: [
        ("Zg", Base64Error.incomplete), ("Zg=", .incomplete), ("Z", .incomplete), ("Zm9vY", .incomplete),
        ("=", .badCharacter(at: 0, found: "=")), ("Z=", .badCharacter(at: 1, found: "=")),
        ("Zg===", .badCharacter(at: 4, found: "=")), ("Zg==Zg==", .badCharacter(at: 4, found: "Z")),
        ("Zg=g", .badCharacter(at: 3, found: "g")), ("Zm9v=", .badCharacter(at: 4, found: "=")),
        ("Zm 9v", .badCharacter(at: 2, found: " ")), ("Zm9_", .badCharacter(at: 3, found: "_")),
        ("Zm9-", .badCharacter(at: 3, found: "-")), ("\u{E9}", .badCharacter(at: 0, found: "\u{E9}")),
        ("Zg==\t", .badCharacter(at: 4, found: "\\u{0009}")),
    ])
    func refuses(text: String, error: Base64Error) {
        #expect(thrown { () throws(Base64Error) in _ = try Base64.decode(text) } == error)
        #expect(!error.description.isEmpty)
    }

    @Test func decodesWhatItEncodes() throws {
        var generator = FixedGenerator(seed: 6)
        for length in 0..<100 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let text = Base64.encode(bytes)
            #expect(try Base64.decode(text) == bytes)
            #expect(text.utf8.count == (length + 2) / 3 * 4)
        }
    }
}
