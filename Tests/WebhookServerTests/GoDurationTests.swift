import KubernetesTypes
import Testing

@testable import WebhookServer

/// Durations as Go's `time.ParseDuration` reads them.
@Suite struct GoDurationTests {
    private func parse(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            bytes.baseAddress.flatMap { GoDuration.nanoseconds(Text(base: $0, count: bytes.count)) }
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("10s", 10_000_000_000), ("+5s", 5_000_000_000), ("-5s", -5_000_000_000),
            ("1m30s", 90_000_000_000),
            ("1.5h", 5_400_000_000_000), (".5s", 500_000_000), ("5.s", 5_000_000_000), ("1us1µs1μs1ns", 3_001),
            ("100ms", 100_000_000), ("1h15m30.918273645s", 4_530_918_273_645),
            ("0.100000000000000000000s", 100_000_000),
            ("9223372036854775807ns", .max),
        ] as [(String, Int64)])
    func isRead(_ text: String, _ nanoseconds: Int64) {
        #expect(parse(text) == nanoseconds)
    }

    @Test(arguments: [
        "", "5", "-", "+", "s", ".s", "-.s", "5x", "5S", "1 s", "s5", "5s5", "99999999999999999999s",
        "9223372036854775807s", "9223372036854775807ns1ns", "1e3s", "--1s",
    ])
    func isRefused(_ text: String) {
        #expect(parse(text) == nil)
    }
}
