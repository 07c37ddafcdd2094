import Glibc

/// What a thread has worked, whatever else the machine does meanwhile.
package enum CPUTime {
    package static func measure<Answer>(_ body: () throws -> Answer) rethrows -> (answer: Answer, time: Duration) {
        let start = now
        let answer = try body()
        return (answer, now - start)
    }

    private static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
