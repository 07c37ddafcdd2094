internal import COpenSSL

/// OpenSSL's error queue. There is one per thread, so it is cleared before a call whose failure will be looked at, and
/// drained after the failure, on the same thread.
enum OpenSSLErrorQueue {
    /// Reasons that are told apart by code, since their texts are OpenSSL's to change.
    struct Failure {
        var texts: [String] = []
        var isPlaintextHTTP = false
        var isVerificationFailure = false
        var isMissingPeerCertificate = false
        var isMissingPEMBlock = false
    }

    /// Forgets the failures of earlier calls on this thread.
    static func clear() {
        // Clearing walks the whole queue, and before nearly every call it is empty.
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// Takes every failure out of this thread's queue, oldest first.
    ///
    /// Only reason texts are taken, which are constants of the library. The data strings that may go with them are
    /// not: they can quote input.
    static func drain() -> Failure {
        var failure = Failure()
        while true {
            let code = ERR_get_error()
            if code == 0 { return failure }
            let library = ERR_GET_LIB(code)
            let reason = ERR_GET_REASON(code)
            if library == ERR_LIB_SSL {
                failure.isPlaintextHTTP =
                    failure.isPlaintextHTTP || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST
                failure.isVerificationFailure =
                    failure.isVerificationFailure || reason == SSL_R_CERTIFICATE_VERIFY_FAILED
                failure.isMissingPeerCertificate =
                    failure.isMissingPeerCertificate || reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE
            }
            if library == ERR_LIB_PEM && reason == PEM_R_NO_START_LINE { failure.isMissingPEMBlock = true }
            let text = ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
            if failure.texts.last != text { failure.texts.append(text) }
        }
    }

    /// The error for a library call that only fails when the process is out of memory or of random numbers.
    static func libraryError(_ operation: String) -> TLSError {
        .library(operation: operation, reasons: drain().texts)
    }
}
