package import Glibc

/// Has a child that is spawned get standard input, output and error only. Sockets of the tests are not closed by `exec`, and
/// a child would keep a listener open that its test has closed.
package func closeTheRest(_ actions: inout posix_spawn_file_actions_t) {
    // What is not open is passed over.
    for descriptor in 3..<min(getdtablesize(), mostDescriptors) {
        posix_spawn_file_actions_addclose(&actions, descriptor)
    }
}

/// More than the tests of 2,000 connections, of which they have both ends, and all others together.
package let mostDescriptors: Int32 = 16_384
