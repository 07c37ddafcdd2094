// OpenSSL's API as Swift sees it. Macros and variadic functions are not imported into Swift, so each one in use has an
// inline function here. Their names start with COpenSSL_ and end with the name of what they stand for.
//
// So has what needs the members of a struct of the C library: modules of SwiftNIO include the same headers, and which
// module a member then belongs to, and so whether Swift finds it, changes from build to build.
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

// Contexts

static inline int COpenSSL_CTX_set_protocol_range(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1
        && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1;
}

static inline void COpenSSL_CTX_set_hardened_options(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

static inline void COpenSSL_CTX_prefer_server_order(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
}

static inline int COpenSSL_CTX_set1_groups_list(SSL_CTX *context, const char *groups) {
    return SSL_CTX_set1_groups_list(context, groups);
}

// Sessions are kept by the server: SSL_OP_NO_TICKET does not keep TLS 1.3 from sending tickets, it makes them references.
static inline void COpenSSL_CTX_set_server_session_cache(SSL_CTX *context, long size) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
    SSL_CTX_sess_set_cache_size(context, size);
}

static inline int COpenSSL_CTX_add1_chain_cert(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add1_chain_cert(context, certificate);
}

// Certificates

static const unsigned long COpenSSL_XN_FLAG_RFC2253 = XN_FLAG_RFC2253;

// Seconds since 1970, or 0 for a time that cannot be read.
static inline int64_t COpenSSL_ASN1_TIME_to_unix(const ASN1_TIME *time) {
    struct tm parts;
    return time != NULL && ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

// Connections

static inline int COpenSSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

// BIOs

static inline void COpenSSL_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

static inline void COpenSSL_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline long COpenSSL_BIO_get_mem_data(BIO *bio, char **start) { return BIO_get_mem_data(bio, start); }

// Keys

static inline EVP_PKEY *COpenSSL_EVP_EC_gen_P256(void) { return EVP_EC_gen("P-256"); }

// The process. Not OpenSSL's, but it guards what OpenSSL holds, and prctl is variadic.

// Returns 1 if the process will leave no core dump, neither as a file nor to a collector.
static inline int COpenSSL_process_disable_core_dumps(void) {
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

// Returns 1 if a core dump can still be had.
static inline int COpenSSL_process_can_dump_core(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_CORE, &limit) != 0 || (limit.rlim_max > 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0);
}

#endif
