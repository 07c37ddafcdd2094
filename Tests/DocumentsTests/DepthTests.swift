import Documents
import KubernetesTypes
import TestSupport
import Testing

/// 512 levels are read and 513 are not, by every reader, whatever the levels are made of; and what recurses over a document
/// needs no more stack for 512 levels than an event loop's thread has.
@Suite("Depth")
struct DepthTests {
    /// The readers: of a request's body, of a JSON file, of any file, and of YAML.
    enum Reader: String, CaseIterable, Sendable {
        case body, json, stream, yaml

        func error(_ text: String) -> DocumentError? {
            Array(text.utf8).withUnsafeBytes { bytes in
                do throws(DocumentError) {
                    switch self {
                    case .body: _ = try JSONParser().parse(bytes)
                    case .json:
                        let reader = JSONDocumentReader()
                        reader.open(bytes)
                        _ = try reader.next()
                    case .stream:
                        let stream = DocumentStream()
                        stream.open(bytes)
                        _ = try stream.next()
                    case .yaml:
                        let reader = YAMLDocumentReader()
                        reader.open(bytes)
                        _ = try reader.next()
                    }
                    return nil
                } catch {
                    return error
                }
            }
        }
    }

    @Test(arguments: Reader.allCases, Nesting.allCases)
    func limit(_ reader: Reader, _ nesting: Nesting) {
        for depth in [1, 2, 511, 512] { #expect(reader.error(nesting.json(depth)) == nil, "\(depth)") }
        for depth in [513, 514, 1_000, 100_000] {
            let error = reader.error(nesting.json(depth))
            #expect(error?.kind == .limit, "\(depth)")
            #expect(error?.message == "nested deeper than 512 levels", "\(depth)")
        }
    }

    /// Wide and deep at once: levels are counted, not containers.
    @Test(arguments: [(511, true), (512, false)])
    func theDeepestOfMany(_ depth: Int, isRead: Bool) {
        let many = Array(repeating: Nesting.arrays.json(510), count: 20) + [Nesting.emptyObjects.json(depth)]
        let text = "[" + many.joined(separator: ",") + "," + Nesting.objects.json(3) + "]"
        for reader in Reader.allCases { #expect((reader.error(text) == nil) == isRead, "\(reader)") }
    }

    private static let millions = [Nesting.arrays, .objects].flatMap { [$0.json(1_000_000), $0.opening(1_000_000)] }

    @Test(arguments: Reader.allCases)
    func aMillionLevels(_ reader: Reader) throws {
        for text in Self.millions {
            let (error, time) = try SmallStack.run { CPUTime.measure { reader.error(text) } }
            // What does not end may be refused for that first.
            #expect(error?.kind == .limit || error?.kind == .syntax)
            #expect(time < .seconds(5), "\(time)")
        }
    }

    /// Everything that walks down a document.
    @Test(arguments: Nesting.allCases)
    func theDeepestDocumentOnASmallStack(_ nesting: Nesting) throws {
        try SmallStack.run {
            let json = nesting.json(512)
            let (left, right) = (try ParsedJSON(json), try ParsedJSON(json))
            left.read { first in
                right.read { second in
                    #expect(first.isEqual(to: second))
                    #expect(String(decoding: first.jsonText, as: UTF8.self) == json)
                    let builder = TapeBuilder()
                    #expect(builder.copy(first) == 512)
                    #expect(builder.root.isEqual(to: second))
                    #expect(first.isNested(deeperThan: 511) && !first.isNested(deeperThan: 512))
                    var index = ValueIndex(first)
                    #expect(index.path(to: first)?.components.isEmpty == true)
                    first.forEachObject { #expect($0.isObject) }
                }
            }
            // The same keys in another order are compared by way of a table.
            let pairs = { (first: String, second: String) in
                String(repeating: first, count: 512) + "1" + String(repeating: second, count: 512)
            }
            let (ordered, reversed) = (pairs(#"{"a":1,"b":"#, "}"), pairs(#"{"b":"#, #","a":1}"#))
            try ParsedJSON(ordered).read { first in
                try ParsedJSON(reversed).read { second in #expect(first.isEqual(to: second)) }
            }
        }
    }
}
