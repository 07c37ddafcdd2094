// swift-tools-version: 6.1
import PackageDescription

/// Every target is checked as strictly as the oldest supported toolchain allows.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

// Programs that only measure, built where BENCH is set in the environment.
let benchmarks: [Target] =
    Context.environment["BENCH"] == nil
    ? []
    : [
        .executableTarget(
            name: "core-bench",
            dependencies: ["CMallocCounter", "Documents", "Admission", "KubernetesTypes", "Policy"],
            path: "Tests/bench/core", swiftSettings: strict),
        .executableTarget(
            name: "server-bench",
            dependencies: ["CMallocCounter", "WebhookServer", "Admission", "Policy", "TLS", logging],
            path: "Tests/bench/server", swiftSettings: strict),
        .executableTarget(
            name: "cluster-bench", dependencies: ["TLS", nioCore, nioPosix, nioHTTP1], path: "Tests/bench/cluster",
            swiftSettings: strict),
    ]

// The fuzzer, built where FUZZ is set; what it calls is built always, for a test that runs its seeds.
let fuzzers: [Target] =
    Context.environment["FUZZ"] == nil
    ? []
    : [
        .target(name: "CLibFuzzer", path: "Tests/fuzz/CLibFuzzer"),
        .executableTarget(
            name: "fuzz", dependencies: ["CLibFuzzer", "FuzzTargets"], path: "Tests/fuzz/Driver", swiftSettings: strict),
    ]

// The modules import one way only; Tests/ArchitectureTests holds the order and fails when it is broken.
let package = Package(
    name: "unikorn-region-webhook",
    products: [
        .executable(name: "unikorn-region-webhook", targets: ["unikorn-region-webhook"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.81.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.12.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
    ],
    targets: [
        // System libraries, found by pkg-config.
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),

        // The pure core: no I/O, no clock, no randomness.
        .target(name: "KubernetesTypes", swiftSettings: strict),
        .target(name: "Claims", dependencies: ["KubernetesTypes"], swiftSettings: strict),
        .target(name: "RegionAPI", dependencies: ["KubernetesTypes"], swiftSettings: strict),
        .target(name: "Policy", dependencies: ["RegionAPI", "KubernetesTypes"], swiftSettings: strict),
        .target(name: "Admission", dependencies: ["Policy", "RegionAPI", "KubernetesTypes"], swiftSettings: strict),

        // The edges.
        .target(name: "Documents", dependencies: ["CYAML", "CSimdjson", "KubernetesTypes"], swiftSettings: strict),
        .target(name: "TLS", dependencies: ["COpenSSL", nioCore], swiftSettings: strict),
        .target(
            name: "WebhookServer",
            dependencies: [
                "Admission", "Policy", "KubernetesTypes", "Documents", "TLS", nioCore, nioPosix, logging, lifecycle,
            ],
            swiftSettings: strict),
        .target(
            name: "KubernetesClient",
            dependencies: [
                "Claims", "Admission", "Policy", "RegionAPI", "KubernetesTypes", "Documents", "TLS", nioCore, nioPosix,
                nioHTTP1, logging,
            ],
            swiftSettings: strict),
        .target(name: "Reporting", dependencies: ["Policy", "KubernetesTypes"], swiftSettings: strict),
        .target(
            name: "Manifests",
            dependencies: ["Documents", "TLS", "Reporting", "Admission", "Policy", "RegionAPI", "KubernetesTypes"],
            swiftSettings: strict),
        .executableTarget(
            name: "unikorn-region-webhook",
            dependencies: [
                "WebhookServer", "KubernetesClient", "Claims", "Manifests", "Reporting", "TLS", "Documents",
                "Admission",
                "Policy", "KubernetesTypes", nioCore, nioPosix, argumentParser, logging, lifecycle, unixSignals,
            ],
            swiftSettings: strict),

        // What tests share: fixtures and the world they make.
        .target(
            name: "TestSupport",
            dependencies: ["Admission", "Documents", "KubernetesTypes", "Policy", "RegionAPI", "TLS"],
            path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "TestSupport", "WebhookServer", "KubernetesClient", "Manifests", "Admission", "Documents",
                "KubernetesTypes", "Policy", "RegionAPI", "TLS", nioCore,
            ],
            path: "Tests/fuzz/Targets", swiftSettings: strict),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),
        // A Kubernetes API server that does what a test says.
        .target(
            name: "TestAPIServer", dependencies: ["TLS", nioCore, nioPosix, nioHTTP1], path: "Tests/TestAPIServer",
            swiftSettings: strict),
        .testTarget(
            name: "KubernetesClientTests",
            dependencies: [
                "TestAPIServer", "TestSupport", "KubernetesClient", "Claims", "Policy", "RegionAPI", "KubernetesTypes",
                "TLS",
                nioCore, nioPosix, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PolicyTests",
            dependencies: ["TestSupport", "Admission", "Documents", "KubernetesTypes", "Policy", "RegionAPI", "TLS"],
            swiftSettings: strict),
        // AdmissionTests run it. They do not depend on it, which would link its malloc into the tests themselves.
        .target(name: "CMallocCounter", path: "Tests/bench/CMallocCounter"),
        .executableTarget(
            name: "allocation-counter", dependencies: ["CMallocCounter", "Admission", "Documents", "Policy"],
            path: "Tests/AllocationCounter", swiftSettings: strict),
        .testTarget(
            name: "AdmissionTests",
            dependencies: ["TestSupport", "Admission", "Documents", "KubernetesTypes", "Policy", "RegionAPI"],
            swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"], swiftSettings: strict),

        .testTarget(name: "ClaimsTests", dependencies: ["Claims", "KubernetesTypes"], swiftSettings: strict),
        .testTarget(
            name: "KubernetesTypesTests", dependencies: ["TestSupport", "KubernetesTypes"], swiftSettings: strict),
        .testTarget(
            name: "DocumentsTests", dependencies: ["TestSupport", "Documents", "CSimdjson", "KubernetesTypes"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "TLSTests", dependencies: ["TestSupport", "TLS", "COpenSSL", nioCore, nioPosix, nioEmbedded],
            swiftSettings: strict),
        .testTarget(
            name: "WebhookServerTests",
            dependencies: [
                "TestSupport", "WebhookServer", "KubernetesTypes", "Policy", "TLS", nioCore, nioPosix, nioEmbedded,
                logging, lifecycle,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ParityTests",
            dependencies: [
                "TestSupport", "WebhookServer", "Manifests", "Reporting", "Admission", "Documents", "Policy",
                "KubernetesTypes", "TLS",
                nioCore, nioPosix, nioHTTP1, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ManifestsTests",
            dependencies: ["TestSupport", "Manifests", "Reporting", "Policy", "TLS", "Documents", "KubernetesTypes"],
            swiftSettings: strict),
        // They run the program, which is built beside them.
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["unikorn-region-webhook", "TestAPIServer", "TestSupport", "KubernetesTypes", "Policy"],
            swiftSettings: strict),
    ] + benchmarks + fuzzers,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
