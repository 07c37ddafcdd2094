import KubernetesTypes
import Testing

@testable import Claims

@Suite struct ClaimTests {
    @Test(
        arguments: [
            (["b", "a"], [], ["a", "b"]),
            (["a", "A", "a"], [], ["a"]),
            (["a", "b"], ["A"], ["b"]),
            (["a"], ["a"], []),
            (["", "a"], [], ["a"]),
            ([], ["a"], []),
        ] as [([String], [String], [String])])
    func whatIsNewIsClaimed(_ declared: [String], _ before: [String], _ expected: [String]) {
        let claims = Claim.all(declared: declared, before: before)
        #expect(claims.map(\.id).sorted() == expected)
        #expect(claims.map(\.lease) == claims.map(\.lease).sorted())
    }

    @Test(arguments: [
        ("4be0c8a1-9f8e-4b0e-8d4e-0a1b2c3d4e5f", "node-class-4be0c8a1-9f8e-4b0e-8d4e-0a1b2c3d4e5f"),
        ("banana", "node-class-sha256-b493d48364afe44d11c0165cf470a416"),
        ("../../secrets", "node-class-sha256-"), (String(repeating: "x", count: 5_000), "node-class-sha256-"),
    ])
    func everyIDHasAName(_ id: String, _ expected: String) {
        let name = Claim(id: id).lease
        #expect(name.hasPrefix(expected))
        #expect(
            name.utf8.count <= 63 && name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) })
    }

    @Test func theTimeToLiveOutlastsARequest() {
        // `--request-timeout` of kube-apiserver is 60 s; a request that waits for its webhooks was measured to end after 34 s.
        #expect(ClaimLimits.timeToLive > .seconds(60))
        #expect(ClaimLimits.minimumTimeToLive > .seconds(34))
    }
}

@Suite struct LeaseObservationsTests {
    private func time(_ seconds: Double) -> MonotonicTime { MonotonicTime(sinceOrigin: .seconds(seconds)) }
    private func version(_ uid: String, _ number: Int) -> LeaseVersion {
        LeaseVersion(uid: uid, resourceVersion: String(number))
    }

    /// Sees one version after the other, and says how old each was.
    private func ages(_ sights: [(lease: String, LeaseVersion, Double)]) -> [Duration] {
        var observations = LeaseObservations()
        return sights.map { observations.see($0.lease, $0.1, at: time($0.2)) }
    }

    @Test func aVersionAgesFromWhenItWasSeenFirst() {
        let ages = ages([
            ("a", version("u", 1), 100), ("a", version("u", 1), 130), ("b", version("u", 1), 130),
            ("a", version("u", 2), 140), ("a", version("u", 2), 150), ("a", version("v", 2), 160),
        ])
        #expect(ages == [.zero, .seconds(30), .zero, .zero, .seconds(10), .zero])
    }

    /// Two answers may be handled in another order than they were given in.
    @Test func anEarlierReadingMakesNothingOlder() {
        let ages = ages([
            ("a", version("u", 1), 100), ("a", version("u", 1), 90), ("a", version("u", 2), 110),
            ("a", version("u", 1), 190),
        ])
        #expect(ages == [.zero, .zero, .zero, .zero])
    }

    @Test func theCollectorTakesWhatIsOldAndForgetsWhatIsGone() {
        var seen = LeaseObservations()
        let collector = LeaseCollector(timeToLive: .seconds(75))
        let names = ["node-class-a", "node-class-b", "other"]
        let sweeps: [(names: [String], now: Double, expected: [String])] = [
            (names, 0, []), (["node-class-a"], 74, []), (names, 75, ["node-class-a"]), (names, 149, ["node-class-a"]),
            (names, 150, ["node-class-a", "node-class-b"]),
        ]
        for sweep in sweeps {
            let leases = sweep.names.map { (name: $0, version: version("u", 1)) }
            let expired = collector.expired(among: leases, &seen, at: time(sweep.now)).map(\.name)
            #expect(expired == sweep.expected)
            #expect(seen.count == leases.count { $0.name.hasPrefix(Claim.prefix) })
        }
        #expect(collector.interval == .seconds(37.5))
    }
}

@Suite struct RegionListingTests {
    private func region(_ name: String) -> ObjectName { ObjectName(namespace: "r", name: name) }

    @Test func declarationsOfOthers() {
        var listing = RegionListing()
        listing.add(region("b"), declares: ["X", "y", "y", ""])
        listing.add(region("a"), declares: ["x"])
        listing.add(ObjectName(namespace: "s", name: "b"), declares: ["z"])
        let claims = Claim.all(declared: ["x", "y", "z", "w"], before: [])
        func found(_ own: ObjectName) -> Set<String> {
            Set(listing.declarations(of: claims, otherThan: own).map { "\($0.id) \($0.region)" })
        }
        #expect(found(region("c")) == ["x r/a", "y r/b", "z s/b"])
        #expect(found(region("b")) == ["x r/a", "z s/b"])
        #expect(found(region("a")) == ["x r/b", "y r/b", "z s/b"])
    }
}

@Suite struct SharedListingTests {
    /// What a request was served by must have started after it asked.
    @Test func oneListServesAllThatAskedBefore() {
        var listing = SharedListing<Int>()
        let starts = [1, 2, 3].map { listing.ask($0) }
        #expect(starts == [true, false, false])
        let first = listing.finish()
        #expect(first.served == [1] && first.startsAnother)
        let isStarted = listing.ask(4)
        #expect(!isStarted)
        let second = listing.finish()
        #expect(second.served == [2, 3] && second.startsAnother)
        let third = listing.finish()
        #expect(third.served == [4] && !third.startsAnother && !listing.isUnderWay)
        let isStartedAnew = listing.ask(5)
        #expect(isStartedAnew)
    }
}
