import KubernetesClient
import Testing

@Suite struct ReflectorStateTests {
    private static let cut = KubernetesError(.connection("cut"))
    private static func status(_ code: Int, _ reason: String = "", retryAfter: Int? = nil) -> KubernetesError {
        KubernetesError(.status(APIStatus(code: code, reason: reason, retryAfterSeconds: retryAfter)))
    }

    private static func synced(at version: String = "7") -> ReflectorState {
        var state = ReflectorState()
        _ = state.start()
        _ = state.listed(resourceVersion: version)
        return state
    }

    @Test func aListComesFirstAndAWatchFollows() {
        var state = ReflectorState()
        #expect(state.start() == .init(.list))
        #expect(state.listed(resourceVersion: "7") == .init(.watch(resourceVersion: "7")))
    }

    @Test func aWatchThatEndsInGoodOrderGoesOnWhereItWas() {
        var state = Self.synced()
        state.watchBegan()
        state.advanced(to: "9")
        #expect(
            state.watchEnded(nil, lasted: .milliseconds(3), random: 0) == .init(.watch(resourceVersion: "9")))
        // Nothing happened for minutes.
        state.watchBegan()
        #expect(state.watchEnded(nil, lasted: .seconds(300), random: 0) == .init(.watch(resourceVersion: "9")))
        // Nothing happened for a moment: not at once again.
        state.watchBegan()
        let step = state.watchEnded(nil, lasted: .milliseconds(3), random: 1)
        #expect(step.call == .watch(resourceVersion: "9") && step.wait >= .milliseconds(100))
    }

    @Test func waitsGrowAndAreSpread() {
        var state = ReflectorState()
        _ = state.start()
        var waits: [Duration] = []
        for _ in 0..<8 {
            let step = state.listFailed(Self.cut, random: 1)
            #expect(step.call == .list)
            waits.append(step.wait)
        }
        #expect(
            waits == [
                .milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600),
                .milliseconds(3200), .seconds(4), .seconds(4), .seconds(4),
            ])
        #expect(state.listFailed(Self.cut, random: 0).wait == .seconds(2))
        for random in [-1.0, 2.0] {
            let wait = state.listFailed(Self.cut, random: random).wait
            #expect(wait >= .seconds(2) && wait <= .seconds(4))
        }
        // For ever: the exponent does not overflow.
        for _ in 0..<100 { _ = state.listFailed(Self.cut, random: 1) }
        _ = state.listed(resourceVersion: "1")
        #expect(state.listFailed(Self.cut, random: 1).wait == .milliseconds(200))
    }

    @Test func theServerMayAskForMore() {
        var state = ReflectorState()
        _ = state.start()
        #expect(state.listFailed(Self.status(429, retryAfter: 7), random: 0).wait == .seconds(7))
        #expect(state.listFailed(Self.status(503, retryAfter: 100_000), random: 0).wait == .seconds(30))
    }

    @Test func aVersionTooOldLeadsToAListAtOnceButNotAgainAndAgain() {
        var state = Self.synced()
        let expired = Self.status(410, "Expired")
        #expect(state.watchEnded(expired, lasted: .zero, random: 1) == .init(.list))
        _ = state.listed(resourceVersion: "8")
        #expect(state.watchEnded(expired, lasted: .zero, random: 1) == .init(.list, after: .milliseconds(200)))
        _ = state.listed(resourceVersion: "9")
        state.watchBegan()
        state.advanced(to: "10")
        #expect(state.watchEnded(expired, lasted: .zero, random: 1) == .init(.list))
    }

    @Test(arguments: [401, 403, 404, 405])
    func whatIsRefusedIsListedAnew(_ code: Int) {
        var state = Self.synced()
        let step = state.watchEnded(Self.status(code), lasted: .zero, random: 1)
        #expect(step == .init(.list, after: .milliseconds(200)))
    }

    @Test(arguments: [
        cut, status(500), status(503), status(429), KubernetesError(.timedOut), KubernetesError(.tls("x")),
    ])
    func whatPassesIsWatchedAgain(_ error: KubernetesError) {
        var state = Self.synced()
        for _ in 0..<10 {
            let step = state.watchEnded(error, lasted: .zero, random: 1)
            #expect(step.call == .watch(resourceVersion: "7") && step.wait > .zero)
        }
    }

    /// Whatever failed before: a watch that lasted and is cut is taken up at once, where it was.
    @Test(arguments: [cut, KubernetesError(.invalidResponse("half of an event")), KubernetesError(.timedOut)])
    func aWatchThatWorkedIsTakenUpAtOnce(_ error: KubernetesError) {
        var state = Self.synced()
        for _ in 0..<5 { _ = state.watchEnded(Self.cut, lasted: .zero, random: 1) }
        for _ in 0..<10 {
            state.watchBegan()
            let step = state.watchEnded(error, lasted: .seconds(1), random: 1)
            #expect(step == .init(.watch(resourceVersion: "7"), after: .milliseconds(50)))
        }
        // One that was cut at once, and one that never came about, are not.
        state.watchBegan()
        #expect(state.watchEnded(error, lasted: .milliseconds(999), random: 1).wait == .milliseconds(200))
        #expect(state.watchEnded(error, lasted: .seconds(9), random: 1).wait >= .milliseconds(200))
        // A server that says it fails is given time.
        state.watchBegan()
        #expect(state.watchEnded(Self.status(500), lasted: .seconds(9), random: 1).wait >= .milliseconds(200))
    }

    /// A server that accepts watches and spoils each: after some, what they start from is doubted.
    @Test func fruitlessWatchesLeadToAList() {
        var state = Self.synced()
        let garbage = KubernetesError(.invalidResponse("garbage"))
        var calls: [ReflectorState.Call] = []
        for _ in 0..<3 {
            state.watchBegan()
            let step = state.watchEnded(garbage, lasted: .zero, random: 1)
            #expect(step.wait <= .milliseconds(400))
            calls.append(step.call)
        }
        #expect(calls == [.watch(resourceVersion: "7"), .watch(resourceVersion: "7"), .list])
        // One event in between, and all is well.
        _ = state.listed(resourceVersion: "8")
        for index in 0..<10 {
            state.watchBegan()
            state.advanced(to: "\(index)")
            #expect(
                state.watchEnded(garbage, lasted: .zero, random: 1).call == .watch(resourceVersion: "\(index)"))
        }
    }
}
