import Glibc
internal import COpenSSL

/// Settings of the whole process that keep secrets in it.
package enum ProcessHardening {
    /// Keeps keys and Secrets out of core dumps: their size is limited to nothing, and the process is marked as not
    /// dumpable, which also binds dumps that are piped to a collector and keeps other processes of the user from
    /// attaching. Call it first of all.
    ///
    /// From then on most of `/proc/self`, such as `fd` and `maps`, belongs to root; `stat`, `status` and `schedstat` stay
    /// readable.
    ///
    /// Returns whether both settings were made. They need no privilege, so a failure means a sandbox that forbids them.
    @discardableResult
    package static func disableCoreDumps() -> Bool {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        let isLimited = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
        let isUndumpable = COpenSSL_prctl_set_undumpable() == 0
        return isLimited && isUndumpable
    }

    /// The process can leave a core dump.
    package static var canDumpCore: Bool {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else { return true }
        return limit.rlim_max > 0 && COpenSSL_prctl_get_dumpable() != 0
    }
}
