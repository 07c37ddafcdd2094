import Glibc

/// The process as Prometheus' client libraries show it, read from `/proc`.
enum ProcessMetrics {
    static func collect(into text: inout MetricsText) {
        if let stat = readFile("/proc/self/stat") { collect(stat: stat, into: &text) }
        text.family("process_open_fds", .gauge, "Open file descriptors.")
        text.sample("process_open_fds", countDescriptors())
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            text.family("process_max_fds", .gauge, "Most file descriptors that may be open.")
            text.sample("process_max_fds", Int(clamping: limit.rlim_cur))
        }
    }

    /// proc(5): the fields after the command, which is in parentheses and may contain anything.
    private static func collect(stat: [UInt8], into text: inout MetricsText) {
        guard let end = stat.lastIndex(of: 0x29) else { return }
        let fields = stat[(end + 1)...].split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        // The first of these is field 3 of the manual.
        func field(_ number: Int) -> Int? {
            number - 3 < fields.count ? Int(fields[number - 3]) : nil
        }
        let ticksPerSecond = max(1, sysconf(Int32(_SC_CLK_TCK)))
        let pageSize = max(1, sysconf(Int32(_SC_PAGESIZE)))
        if let user = field(14), let system = field(15) {
            text.family("process_cpu_seconds_total", .counter, "User and system CPU time spent in seconds.")
            let ticks = Double(user + system)
            text.sample("process_cpu_seconds_total", ticks / Double(ticksPerSecond))
        }
        if let started = field(22), let bootTime {
            text.family("process_start_time_seconds", .gauge, "Start time of the process since 1970 in seconds.")
            let sinceBoot = Double(started) / Double(ticksPerSecond)
            text.sample("process_start_time_seconds", Double(bootTime) + sinceBoot)
        }
        if let bytes = field(23) {
            text.family("process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.")
            text.sample("process_virtual_memory_bytes", bytes)
        }
        if let pages = field(24) {
            text.family("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.")
            text.sample("process_resident_memory_bytes", pages * pageSize)
        }
    }

    /// When the machine was started, since 1970.
    private static let bootTime: Int? = {
        guard let stat = readFile("/proc/stat") else { return nil }
        for line in stat.split(separator: 0x0A) where line.starts(with: "btime ".utf8) {
            return Int(String(decoding: line.dropFirst(6), as: UTF8.self))
        }
        return nil
    }()

    private static func readFile(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &part, part.count)
            guard count > 0 else { return contents.isEmpty ? nil : contents }
            contents.append(contentsOf: part[..<count])
        }
    }

    /// Asks the kernel about one block of descriptors after the other. `/proc/self/fd` would be simpler, but belongs to root
    /// in a process that leaves no core dumps.
    private static func countDescriptors() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        // More than the limit at a time is an error.
        let block = Int(min(256, max(1, limit.rlim_cur)))
        var count = 0
        // The lowest free descriptor is always used first, so above an empty block there are none.
        for start in stride(from: Int32(0), to: 1 << 20, by: block) {
            var queries = (start..<start + Int32(block)).map { pollfd(fd: $0, events: 0, revents: 0) }
            guard poll(&queries, nfds_t(block), 0) >= 0 else { break }
            let open = queries.count { $0.revents & Int16(POLLNVAL) == 0 }
            if open == 0 { break }
            count += open
        }
        return count
    }
}
