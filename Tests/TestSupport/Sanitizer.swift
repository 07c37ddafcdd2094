import Foundation

/// Whether the tests run under a sanitizer, by what `make test-asan` and `make test-tsan` say.
///
/// It changes what memory there is: it keeps what was freed, shadows all of it, and makes frames larger.
package enum Sanitizer {
    package static let isThere = ProcessInfo.processInfo.environment["SANITIZER"] != nil
}
