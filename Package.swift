// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same rules; see ARCHITECTURE.md, "The map".
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A module and the modules it may import. Arrows only point down this list.
func module(_ name: String, _ below: [String] = []) -> Target {
    .target(name: name, dependencies: below.map { .byName(name: $0) }, swiftSettings: strict)
}

func tests(of name: String, _ more: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: ([name] + more).map { .byName(name: $0) },
        swiftSettings: strict
    )
}

func library(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// `bin/fuzz` asks for this package with `main` left out and with a library that libFuzzer drives:
/// libFuzzer brings a `main` of its own.
let isFuzzing = Context.environment["KITH_FUZZING"] != nil

/// A quicker `malloc` for what is delivered. The sanitizers, which have one of their own, look at
/// debug builds.
let delivered: [LinkerSetting] = [.linkedLibrary("mimalloc", .when(configuration: .release))]

let app: Target = {
    let below: [Target.Dependency] = [
        "Channels", "Transactions", "Relationships", "Identity", "Ledger", "Vault", "Events",
        "ProofLog", "Web", "HTTPServer", "Templating", "Store", "Crypto", "Basics", "CLinux",
    ]
    return isFuzzing
        ? .target(
            name: "App",
            dependencies: below,
            exclude: ["main.swift"],
            swiftSettings: strict
        )
        : .executableTarget(
            name: "App",
            dependencies: below,
            swiftSettings: strict,
            linkerSettings: delivered
        )
}()

let package = Package(
    name: "Kith",
    products: [
        .executable(name: "kith", targets: ["App"]),
        .executable(name: "kith-bench", targets: ["Bench"]),
    ],
    targets: [
        app,
        module(
            "Channels",
            [
                "Transactions", "Relationships", "Identity", "Ledger", "Events", "Web",
                "HTTPServer", "Templating", "Store", "Crypto", "Basics", "CCurl",
            ]
        ),
        module(
            "Transactions",
            [
                "Relationships", "Identity", "Ledger", "Events", "ProofLog", "Web", "HTTPServer",
                "Templating", "Store", "Crypto", "Basics",
            ]
        ),
        module(
            "Relationships",
            ["Identity", "Events", "Web", "HTTPServer", "Templating", "Store", "Basics"]
        ),
        module(
            "Identity",
            [
                "Vault", "Events", "ProofLog", "Web", "HTTPServer", "Templating", "Store",
                "Crypto", "Basics",
            ]
        ),
        module("Ledger", ["ProofLog", "Store", "Crypto", "Basics"]),
        module("Vault", ["Store", "Crypto", "Basics"]),
        module("Events", ["Store", "Basics"]),
        module("ProofLog", ["Store", "Crypto", "Basics"]),
        module("Web", ["HTTPServer", "Templating", "Store", "Crypto", "Basics"]),
        module("HTTPServer", ["Crypto", "Basics", "CZlib", "CLinux"]),
        module("Templating", ["Basics"]),
        module("Store", ["Basics", "CSQLite", "CLinux"]),
        module("Crypto", ["Basics", "COpenSSL", "CArgon2"]),
        module("Basics"),

        library("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        library("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        library("CArgon2", pkgConfig: "libargon2", apt: "libargon2-dev"),
        library("CCurl", apt: "libcurl4-openssl-dev"),
        library("CLinux", apt: "libc6-dev"),

        .executableTarget(
            name: "Bench",
            dependencies: [
                "Identity", "Ledger", "Web", "HTTPServer", "Templating", "Store", "Basics",
            ],
            path: "Tests/Bench/Server",
            swiftSettings: strict,
            linkerSettings: delivered
        ),
        .target(
            name: "TestSupport",
            dependencies: ["Store", "Basics", "CLinux"],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        tests(of: "Basics", ["TestSupport"]),
        tests(of: "Events", ["Store", "TestSupport", "Basics"]),
        .target(
            name: "CFaultyDisk",
            dependencies: ["CSQLite"],
            path: "Tests/CFaultyDisk"
        ),
        tests(of: "Store", ["TestSupport", "Basics", "CSQLite", "CFaultyDisk"]),
        tests(of: "Templating", ["Basics"]),
        tests(of: "ProofLog", ["TestSupport", "Store", "Crypto", "Basics"]),
        tests(of: "Vault", ["TestSupport", "Store", "Crypto", "Basics"]),
        tests(of: "Crypto", ["Basics"]),
        tests(of: "HTTPServer", ["TestSupport", "Basics"]),
        tests(of: "Ledger", ["TestSupport", "ProofLog", "Store", "Basics"]),
        tests(of: "Web", ["HTTPServer", "Basics"]),
        tests(of: "Identity", ["TestSupport", "Store", "Basics"]),
        tests(of: "Relationships", ["Identity", "Web", "Basics"]),
        tests(of: "Transactions", ["Basics", "Web"]),
        tests(of: "Channels", ["TestSupport", "Events", "Basics"]),
        tests(
            of: "App",
            [
                "TestSupport", "Channels", "Relationships", "Identity", "Ledger", "Web",
                "HTTPServer", "Templating", "Vault",
                "Store", "Crypto", "Events", "Basics", "CFaultyDisk",
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

/// The fuzz targets are tests, which replay the corpus, and only then more than that.
let fuzzed: [Target.Dependency] = [
    "App", "Channels", "Transactions", "Relationships", "ProofLog", "Web", "HTTPServer",
    "Templating", "Store", "Crypto", "Events", "Basics",
]
if isFuzzing {
    package.products = [.library(name: "Fuzz", type: .static, targets: ["Fuzz"])]
    package.targets.append(
        .target(
            name: "Fuzz",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["Corpus", "CorpusTests.swift", "TemplateTests.swift"],
            swiftSettings: strict
        )
    )
} else {
    package.targets.append(
        .testTarget(
            name: "FuzzTests",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["Corpus", "Driver.swift"],
            swiftSettings: strict
        )
    )
}
