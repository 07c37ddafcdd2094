import KubernetesTypes
import Testing

@testable import Claims

/// What a machine asks for and answers, one exchange after the other.
@Suite struct ClaimMachineTests {
    typealias Call = ClaimMachine.Call
    typealias Event = ClaimMachine.Event
    typealias Outcome = ClaimMachine.Outcome

    /// What happens to one request: what the machine is told, and what it asks for next; nil is the end.
    struct Course: Sendable, CustomStringConvertible {
        let description: String
        var claims = ["a"]
        var isDryRun = false
        let first: Call
        let exchanges: [(Event, Call?)]
        let answer: Outcome

        init(
            _ description: String, claims: [String] = ["a"], isDryRun: Bool = false, first: Call = post("a"),
            _ exchanges: [(Event, Call?)], _ answer: Outcome
        ) {
            self.description = description
            self.claims = claims
            self.isDryRun = isDryRun
            self.first = first
            self.exchanges = exchanges
            self.answer = answer
        }
    }

    static let holder = "r/mine"
    static func name(_ id: String) -> String { Claim(id: id).lease }
    static func version(_ number: Int) -> LeaseVersion {
        LeaseVersion(uid: "uid-\(number)", resourceVersion: String(number))
    }
    static func post(_ id: String) -> Call { .create(name(id), holder: holder) }
    static func get(_ id: String) -> Call { .read(name(id)) }
    static func put(_ id: String, _ number: Int) -> Call {
        .update(name(id), holder: holder, replacing: version(number))
    }
    static func delete(_ id: String, _ number: Int) -> Call { .delete(name(id), version(number)) }
    static func stored(_ number: Int) -> Event { .stored(version(number)) }
    static func found(_ number: Int, _ holder: String, after age: Duration = .zero) -> Event {
        .found(Lease(version: version(number), holder: holder), unchangedFor: age)
    }
    static func declared(_ ids: String...) -> [Declaration] {
        ids.map { Declaration(id: $0, region: ObjectName(namespace: "r", name: "other")) }
    }
    static let old = ClaimLimits.timeToLive
    static let young = ClaimLimits.timeToLive - .nanoseconds(1)
    static let inFlight = Outcome.inFlight(Claim(id: "a"), holder: "r/other")

    static let courses: [Course] = [
        Course("a new id", [(stored(1), .listRegions), (.regions([]), nil)], .unique),
        Course(
            "several, in their order", claims: ["b", "a", "c"],
            first: post(order[0]),
            [
                (stored(1), post(order[1])), (stored(2), post(order[2])), (stored(3), .listRegions),
                (.regions([]), nil),
            ], .unique),
        Course("no id is new", claims: [], first: .listRegions, [(.regions([]), nil)], .unique),
        Course("a dry run only looks", isDryRun: true, first: .listRegions, [(.regions([]), nil)], .unique),
        Course(
            "a dry run of what is declared", isDryRun: true, first: .listRegions,
            [(.regions(declared("a")), nil)], .declared(declared("a"))),
        Course("a dry run that cannot look", isDryRun: true, first: .listRegions, [(.failed, nil)], .unavailable),
        Course(
            "declared elsewhere: undone",
            [
                (stored(1), .listRegions), (.regions(declared("a")), delete("a", 1)), (.deleted, nil),
            ], .declared(declared("a"))),
        Course(
            "declared elsewhere, and the undo fails",
            [
                (stored(1), .listRegions), (.regions(declared("a")), delete("a", 1)), (.failed, nil),
            ], .declared(declared("a"))),
        Course(
            "one's own lock is renewed",
            [
                (.alreadyExists, get("a")), (found(1, holder), put("a", 1)), (stored(2), .listRegions),
                (.regions([]), nil),
            ], .unique),
        Course(
            "a renewed lock is never undone",
            [
                (.alreadyExists, get("a")), (found(1, holder), put("a", 1)), (stored(2), .listRegions),
                (.regions(declared("a")), nil),
            ], .declared(declared("a"))),
        Course(
            "an expired lock is taken over, and undone",
            [
                (.alreadyExists, get("a")), (found(1, "r/other", after: old), put("a", 1)), (stored(2), .listRegions),
                (.regions(declared("a")), delete("a", 2)), (.deleted, nil),
            ], .declared(declared("a"))),
        Course(
            "another's lock",
            [
                (.alreadyExists, get("a")), (found(1, "r/other", after: young), .listRegions), (.regions([]), nil),
            ], inFlight),
        Course(
            "another's lock, whose object is stored by now",
            [
                (.alreadyExists, get("a")), (found(1, "r/other"), .listRegions), (.regions(declared("a")), nil),
            ], .declared(declared("a"))),
        Course(
            "another's lock, and nobody can look",
            [
                (.alreadyExists, get("a")), (found(1, "r/other"), .listRegions), (.failed, nil),
            ], .unavailable),
        Course(
            "the second is another's: the first is undone before the look", claims: ["b", "a"], first: post(order2[0]),
            [
                (stored(1), post(order2[1])), (.alreadyExists, get(order2[1])),
                (found(2, "r/other"), delete(order2[0], 1)), (.deleted, .listRegions), (.regions([]), nil),
            ], .inFlight(Claim(id: order2[1]), holder: "r/other")),
        Course(
            "gone between POST and GET: once more",
            [
                (.alreadyExists, get("a")), (.notFound, post("a")), (stored(1), .listRegions), (.regions([]), nil),
            ], .unique),
        Course(
            "changed between GET and PUT: once more, then 429",
            [
                (.alreadyExists, get("a")), (found(1, "r/other", after: old), put("a", 1)), (.conflict, post("a")),
                (.alreadyExists, get("a")), (found(2, holder), put("a", 2)), (.notFound, .listRegions),
                (.regions([]), nil),
            ], .inFlight(Claim(id: "a"), holder: nil)),
        Course("a POST whose answer is lost", [(.failed, nil)], .unavailable),
        Course("a GET that fails", [(.alreadyExists, get("a")), (.failed, nil)], .unavailable),
        Course(
            "a PUT whose answer is lost",
            [(.alreadyExists, get("a")), (found(1, holder), put("a", 1)), (.failed, nil)], .unavailable),
        Course(
            "a look that fails is undone, and is never taken as empty",
            [(stored(1), .listRegions), (.failed, delete("a", 1)), (.deleted, nil)], .unavailable),
        Course("an answer that belongs to no such call", [(.conflict, nil)], .unavailable),
    ]
    private static let order = ["a", "b", "c"].sorted { name($0) < name($1) }
    private static let order2 = ["a", "b"].sorted { name($0) < name($1) }

    @Test(arguments: courses) func course(_ course: Course) {
        let claims = Claim.all(declared: course.claims, before: [])
        var machine = ClaimMachine(claims: claims, holder: Self.holder, isDryRun: course.isDryRun)
        var step = machine.start()
        #expect(step == ClaimMachine.Step(call: course.first))
        for (index, exchange) in course.exchanges.enumerated() {
            step = machine.handle(exchange.0)
            #expect(step.call == exchange.1, "exchange \(index)")
            #expect((step.answer != nil) == (index == course.exchanges.count - 1))
        }
        #expect(step.answer == course.answer)
        #expect(machine.isFinished)
        let after = [machine.handle(.regions([])), machine.start()]
        #expect(after == [ClaimMachine.Step(), ClaimMachine.Step()])
    }

    @Test func outOfTimeAnswersFirstAndUndoesThen() {
        var machine = ClaimMachine(claims: [Claim(id: "a")], holder: Self.holder)
        _ = machine.start()
        let steps = [Self.stored(1), .outOfTime, .outOfTime, .deleted].map { machine.handle($0) }
        #expect(
            steps == [
                ClaimMachine.Step(call: .listRegions),
                ClaimMachine.Step(answer: .unavailable, call: Self.delete("a", 1)),
                ClaimMachine.Step(), ClaimMachine.Step(),
            ])
        #expect(machine.isFinished)
    }

    @Test func outOfTimeWhileUndoingAnswersWhatIsKnown() {
        let claims = Claim.all(declared: ["a", "b"], before: [])
        var machine = ClaimMachine(claims: claims, holder: Self.holder)
        _ = machine.start()
        let declared = Self.declared("a")
        let steps = [Self.stored(1), Self.stored(2), .regions(declared), .outOfTime, .deleted]
            .map { machine.handle($0) }
        #expect(
            steps.suffix(3) == [
                ClaimMachine.Step(call: .delete(claims[1].lease, Self.version(2))),
                ClaimMachine.Step(answer: .declared(declared), call: .delete(claims[0].lease, Self.version(1))),
                ClaimMachine.Step(),
            ])
        #expect(machine.isFinished)
    }

    @Test func theTimeToLiveIsConfigured() {
        for (age, isTaken) in [(Duration.seconds(60), true), (.seconds(59), false)] {
            var machine = ClaimMachine(claims: [Claim(id: "a")], holder: Self.holder, timeToLive: .seconds(60))
            _ = machine.start()
            _ = machine.handle(.alreadyExists)
            let step = machine.handle(Self.found(1, "r/other", after: age))
            #expect(step.call == (isTaken ? Self.put("a", 1) : .listRegions))
        }
    }
}
