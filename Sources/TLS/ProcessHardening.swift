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
        COpenSSL_process_disable_core_dumps() == 1
    }

    /// The process can leave a core dump.
    package static var canDumpCore: Bool {
        COpenSSL_process_can_dump_core() == 1
    }
}
