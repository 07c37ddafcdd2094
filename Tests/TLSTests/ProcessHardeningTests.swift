import Glibc
import Testing
import TLS

#if compiler(>=6.2)
    /// In a process of its own, since the settings cannot be taken back.
    @Suite struct ProcessHardeningTests {
        @Test func coreDumpsAreDisabledForGood() async {
            await #expect(processExitsWith: .success) {
                let wasDone = ProcessHardening.disableCoreDumps()
                exit(wasDone && !ProcessHardening.canDumpCore ? EXIT_SUCCESS : EXIT_FAILURE)
            }
        }
    }
#endif
