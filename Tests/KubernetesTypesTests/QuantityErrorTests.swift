import KubernetesTypes
import Testing

@Suite struct QuantityErrorTests {
    @Test(arguments: [
        ("", QuantityError.empty),
        ("banana", .notANumber(at: 0, found: "b")),
        (" 4Gi", .notANumber(at: 0, found: " ")),
        ("--4", .notANumber(at: 1, found: "-")),
        ("1.2.3", .notANumber(at: 3, found: ".")),
        ("\u{202E}4", .notANumber(at: 0, found: "\\u{202E}")),
        ("Ei", .notANumber(at: 0, found: "E")),
        ("40GB", .unknownSuffix("GB")),
        ("40gi", .unknownSuffix("gi")),
        ("40Eii", .unknownSuffix("Eii")),
        ("4Gi ", .trailing(" ", at: 3)),
        ("4 Gi", .trailing(" Gi", at: 1)),
        ("4Gi4", .trailing("4", at: 3)),
        ("4e3x", .trailing("x", at: 3)),
        ("4\n", .trailing("\\u{000A}", at: 1)),
        ("1,000", .trailing(",000", at: 1)),
        ("1e1.5", .exponentNotInteger("e1.5")),
        ("1e", .exponentNotInteger("e")),
        ("1E+", .exponentNotInteger("E+")),
        ("1e123", .exponentTooLong("e123")),
        ("1e-99999999", .exponentTooLong("e-99999999")),
    ])
    func saysWhatIsWrong(text: String, error: QuantityError) {
        #expect(thrown { () throws(QuantityError) in _ = try Quantity(text) } == error)
    }

    @Test(arguments: [
        ("40GB", "unknown suffix \"GB\", did you mean \"G\" or \"Gi\"?"), ("40gib", "did you mean \"Gi\"?"),
        ("40K", "did you mean \"k\" or \"Ki\"?"), ("40ki", "did you mean \"Ki\"?"), ("40B", "did you mean no suffix?"),
        ("40x", "unknown suffix \"x\": a quantity is"), ("1e1.5", "\"e1.5\" is not an integer"),
        ("1e-99999999", "at most 2 digits"), ("", "is empty: a quantity is a number"),
    ])
    func tellsWhatToDo(text: String, part: String) throws {
        let error = try #require(thrown { () throws(QuantityError) in _ = try Quantity(text) })
        #expect(error.description.contains(part))
        #expect(error.description.contains("for example"))
    }

    /// A hostile text cannot break a log line, nor fill it.
    @Test func quotesLittleAndSafely() throws {
        let hostile = "1" + String(repeating: "x", count: 30) + "\r\n\u{1B}[2J"
        let error = try #require(thrown { () throws(QuantityError) in _ = try Quantity(hostile) })
        #expect(error == .unknownSuffix(String(repeating: "x", count: 23) + "…"))
    }
}
