/// What Kubernetes' own tests assert of quantities and names: inputs and outcomes of `quantity_test.go` in
/// k8s.io/apimachinery/pkg/api/resource and of `validation_test.go` in k8s.io/apimachinery/pkg/util/validation.
///
/// Left out of the former, as there is no such thing here: sums and products; the parts that Go takes a text apart into,
/// and how it holds and copies a number; CBOR, flags and pointers. Where Go sets, negates, rounds or converts a quantity,
/// the outcome is here as that of a text.
enum KubernetesSuite {
    /// A text, and what it is: a number times a power of ten, and the format.
    static let parsed = """
        0 0 0 si
        0n 0 0 si
        0u 0 0 si
        0m 0 0 si
        0Ki 0 0 binary
        0k 0 0 si
        0Mi 0 0 binary
        0M 0 0 si
        0Gi 0 0 binary
        0G 0 0 si
        0Ti 0 0 binary
        0T 0 0 si
        1 1 0 si
        1Ki 1024 0 binary
        8Ki 8192 0 binary
        7Mi 7340032 0 binary
        6Gi 6442450944 0 binary
        5Ti 5497558138880 0 binary
        4Pi 4503599627370496 0 binary
        3Ei 3458764513820540928 0 binary
        10Ti 10995116277760 0 binary
        100Ti 109951162777600 0 binary
        5n 5 -9 si
        4u 4 -6 si
        3m 3 -3 si
        9 9 0 si
        8k 8 3 si
        50k 5 4 si
        7M 7 6 si
        6G 6 9 si
        5T 5 12 si
        40T 4 13 si
        300T 3 14 si
        2P 2 15 si
        1E 1 18 si
        1E-3 1 -3 exponent
        1e3 1 3 exponent
        1E6 1 6 exponent
        1e9 1 9 exponent
        1E12 1 12 exponent
        1e15 1 15 exponent
        1E18 1 18 exponent
        1e14 1 14 exponent
        1e13 1 13 exponent
        100.035k 100035 0 si
        0.001 1 -3 si
        0.0005k 5 -1 si
        0.005 5 -3 si
        0.05 5 -2 si
        0.5 5 -1 si
        0.00050k 5 -1 si
        0.00500 5 -3 si
        0.05000 5 -2 si
        0.50000 5 -1 si
        0.5e0 5 -1 exponent
        0.5e-1 5 -2 exponent
        0.5e-2 5 -3 exponent
        10.035M 10035 3 si
        1.2e3 12 2 exponent
        1.3E+6 13 5 exponent
        1.40e9 14 8 exponent
        1.53E12 153 10 exponent
        1.6e15 16 14 exponent
        1.7E18 17 17 exponent
        9.01 901 -2 si
        8.1k 81 2 si
        7.123456M 7123456 0 si
        6.987654321G 6987654321 0 si
        5.444T 5444 9 si
        40.1T 401 11 si
        300.2T 3002 11 si
        2.5P 25 14 si
        1.01E 101 16 si
        3.001n 4 -9 si
        1.1E-9 2 -9 exponent
        0.0000000001 1 -9 si
        0.0000000005 1 -9 si
        0.00000000050 1 -9 si
        0.5e-9 1 -9 exponent
        0.9n 1 -9 si
        0.00000012345 124 -9 si
        0.00000012354 124 -9 si
        9Ei 9223372036854775807 0 binary
        9223372036854775807Ki 9223372036854775807 0 binary
        12E 12 18 si
        100.035Ki 10243584 -2 binary
        0.5Mi 524288 0 binary
        0.05Gi 536870912 -1 binary
        0.025Ti 274877906944 -1 binary
        0.000000000001Ki 2 -9 si
        .001 1 -3 si
        .0001k 100 -3 si
        1. 1 0 si
        1.G 1 9 si
        1.025Ti 11269994184704 -1 binary
        . 0 0 si
        2Ki 2048 0 binary
        1.1Ki 11264 -1 binary
        1Mi 1048576 0 binary
        2Gi 2147483648 0 binary
        """

    /// A canonical text, its format, and another text that means the same (`=` where there is none).
    static let canonical = """
        1Gi binary 1024Mi
        300Mi binary 307200Ki
        6Ki binary =
        1001Gi binary 1025024Mi
        1Ti binary 1024Gi
        5 binary 5000m
        500m binary 0.5
        1G si 1000M
        1G si 0.001T
        1G si =
        1m si 1000u
        80m si =
        1080m si 1.08
        1080m si 1080000000n
        1080m si =
        9010m si 9.01
        300M si =
        1T si =
        1234567M si =
        1234567m binary =
        3k si =
        1025 binary =
        0 si =
        0 binary =
        1e9 exponent .001e12
        1e-3 exponent 0.001e0
        1e-9 exponent 1000e-12
        80e-3 exponent =
        300e6 exponent =
        1e12 exponent =
        1e3 exponent =
        3e3 exponent =
        0 exponent 00
        1n si =
        80n si =
        1080n si =
        1u si =
        80u si =
        1080u si =
        """

    /// A text and what it is written as.
    static let emitted = """
        1Ki 1Ki
        1Mi 1Mi
        1Gi 1Gi
        1024Mi 1Gi
        1000M 1G
        .001Ki 1024m
        .000001Ki 1024u
        .000000001Ki 1024n
        .000000000001Ki 2n
        1 1
        1000 1k
        1234000 1234k
        1000000e0 1e6
        1000000e-3 1e3
        1000m 1
        1234000m 1234
        1.024Ki 1048576m
        1000n 1u
        """

    /// The first, the second, and their order.
    static let compared = """
        0 0 0
        100m 50m 1
        50m 100m -1
        10000T 100Gi 1
        0 10 -1
        0 -10 1
        10 0 1
        -10 0 -1
        """

    static let refused = [
        "", "Non-Numeric", "1.1.M", "1+1.0M", "0.1mi", "0.1am", "aoeu", ".5i", "1i", "-3.01i", "-3.01e-", " 1", "1 ",
        "invalid",
    ]
}

extension KubernetesSuite {
    private static func a(_ count: Int) -> String { String(repeating: "a", count: count) }

    static let labels = [
        "a", "ab", "abc", "a1", "a-1", "a--1--2--b", "0", "01", "012", "1a", "1-a", "1--a--b--2", a(63),
    ]

    static let noLabels =
        noNames + ["a.b", "1.2", a(64)]

    static let subdomains =
        labels.dropLast() + [
            "a.a", "ab.a", "abc.a", "a1.a", "a-1.a", "a--1--2--b.a", "a.1", "ab.1", "abc.1", "a1.1", "a-1.1",
            "a--1--2--b.1", "0.a", "01.a", "012.a", "1a.a", "1-a.a", "0.1", "01.1", "012.1", "1a.1", "1-a.1",
            "1--a--b--2.1", "a.b.c.d.e", "aa.bb.cc.dd.ee", "1.2.3.4.5", "11.22.33.44.55", a(253),
        ]

    static let noSubdomains =
        noNames + [
            "a..b", "1..2", "A.a", "aB.a", "ab.A", "A1.a", "a1.A", "A.1", "aB.1", "A1.1", "1A.1", "0.A", "01.A",
            "012.A", "1A.a", "1a.A", "A.B.C.D.E", "AA.BB.CC.DD.EE", "a.B.c.d.e", "aa.bB.cc.dd.ee", "a@b", "a,b", "a;b",
            "a:b", "a%b", "a?b", "a$b", a(254),
        ]

    /// Neither a DNS label nor a subdomain.
    private static let noNames = [
        "", "A", "ABC", "aBc", "A1", "A-1", "1-A", "-", "a-", "-a", "1-", "-1", "_", "a_", "_a", "a_b", "1_", "_1",
        "1_2", ".", "a.", ".a", "1.", ".1", " ", "a ", " a", "a b", "1 ", " 1", "1 2",
    ]

    static let keys = [
        "simple", "now-with-dashes", "1-starts-with-num", "1234", "simple/simple", "now-with-dashes/simple",
        "now-with-dashes/now-with-dashes", "now.with.dots/simple", "now-with.dashes-and.dots/simple",
        "1-num.2-num/3-num", "1234/5678", "1.2.3.4/5678", "Uppercase_Is_OK_123", "example.com/Uppercase_Is_OK_123",
        "requests.storage-foo", a(63), a(253) + "/" + String(repeating: "b", count: 63),
    ]

    static let noKeys = [
        "nospecialchars%^=@", "cantendwithadash-", "-cantstartwithadash-", "only/one/slash", "Example.com/abc",
        "example_com/abc", "example.com/", "/simple", a(64), a(254) + "/abc",
    ]

    static let values = ["simple", "now-with-dashes", "1-starts-with-num", "end-with-num-1", "1234", a(63), ""]

    static let noValues = [
        "nospecialchars%^=@", "Tama-nui-te-rā.is.Māori.sun", #"\backslashes\are\bad"#, "-starts-with-dash",
        "ends-with-dash-", ".starts.with.dot", "ends.with.dot.", a(64),
    ]
}
