/* Opens one TLS connection after the other, each for a single POST, from several processes at once.
 *
 *   handshakes PORT CA BODY PATH SECONDS full|resumed
 *
 * Prints how many requests were answered. With `resumed` each connection but the first of a process offers the ticket
 * that the one before it got, and a server that makes a full handshake all the same is an error. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES = 4, HEAD = 512 };

static SSL_SESSION *ticket;

static void die(const char *what) {
    fprintf(stderr, "handshakes: %s failed\n", what);
    exit(1);
}

static int keep(SSL *ssl, SSL_SESSION *session) {
    (void)ssl;
    SSL_SESSION_free(ticket);
    ticket = session;
    return 1;
}

/* A request with its head, read from a file. */
static char *request_from(const char *path, const char *body_file, size_t *count) {
    FILE *file = fopen(body_file, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) die("opening the body");
    size_t length = (size_t)ftell(file);
    rewind(file);
    char *request = malloc(HEAD + length);
    if (request == NULL) die("malloc");
    int head = snprintf(request, HEAD,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
        "Connection: close\r\n\r\n", path, length);
    if (head >= HEAD || fread(request + head, 1, length, file) != length) die("reading the body");
    fclose(file);
    *count = (size_t)head + length;
    return request;
}

static void exchange(SSL_CTX *context, int port, const char *request, size_t count, int must_resume) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), at_once = 1;
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) die("connecting");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    SSL *ssl = SSL_new(context);
    if (ssl == NULL || SSL_set_fd(ssl, descriptor) != 1) die("SSL_new");
    if (must_resume && ticket != NULL) SSL_set_session(ssl, ticket);
    if (SSL_connect(ssl) != 1) die("the handshake");
    if (must_resume && ticket != NULL && !SSL_session_reused(ssl)) die("resuming");
    size_t done = 0, received = 0;
    if (SSL_write_ex(ssl, request, count, &done) != 1) die("sending");
    char answer[65536];
    while (SSL_read_ex(ssl, answer + received, sizeof answer - received, &done) == 1) received += done;
    if (received < 12 || memcmp(answer, "HTTP/1.1 200", 12) != 0) die("the request");
    SSL_shutdown(ssl);
    SSL_free(ssl);
    close(descriptor);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 7) die("reading the arguments");
    int port = atoi(arguments[1]), must_resume = strcmp(arguments[6], "resumed") == 0;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL || SSL_CTX_load_verify_file(context, arguments[2]) != 1) die("reading the CA");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep);
    size_t length;
    char *request = request_from(arguments[4], arguments[3], &length);
    double end = now() + atof(arguments[5]);
    int results[2];
    if (pipe(results) != 0) die("pipe");
    for (int process = 0; process < PROCESSES; process++)
        if (fork() == 0) {
            long answered = 0;
            for (; now() < end; answered++) exchange(context, port, request, length, must_resume);
            if (write(results[1], &answered, sizeof answered) != sizeof answered) die("reporting");
            exit(0);
        }
    long total = 0;
    for (int process = 0; process < PROCESSES; process++) {
        int status;
        long answered;
        if (wait(&status) < 0 || status != 0 || read(results[0], &answered, sizeof answered) != sizeof answered) return 1;
        total += answered;
    }
    printf("%ld\n", total);
    return 0;
}
