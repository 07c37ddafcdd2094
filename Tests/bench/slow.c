/* Holds slow connections open, and opens another for each that the server closes.
 *
 *   slow PORT COUNT SECONDS
 *
 * One in three stalls in its TLS handshake, one sends a byte of a head every second, one a byte of a body. They are opened
 * one after the other over SECONDS, so that the server does not have to close many at once either. Prints `open` when all
 * are, goes on until SIGTERM, and then prints how many were opened in all. */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum kind { STALLED, HEAD, BODY, KINDS };
enum state { CLOSED, CONNECTING, HANDSHAKING, SLOW };
enum { TICK_MILLISECONDS = 10, EVENTS = 64, PART_OF_A_HEAD = 20 };

struct connection {
    enum kind kind;
    enum state state;
    int descriptor;
    SSL *ssl;
    double next_byte;
};

static const char head[] = "POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                           "Content-Length: 2000\r\n\r\n";
static volatile sig_atomic_t is_over;
static struct sockaddr_in address = {.sin_family = AF_INET};
static SSL_CTX *context;
static int queue;

static void die(const char *what) {
    fprintf(stderr, "slow: %s failed\n", what);
    exit(1);
}

static void end(int signal) {
    (void)signal;
    is_over = 1;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void watch(struct connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data = {.ptr = connection}};
    if (epoll_ctl(queue, operation, connection->descriptor, &event) != 0) die("epoll_ctl");
}

static void begin(struct connection *connection) {
    connection->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (connection->descriptor < 0) die("opening a socket");
    if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS)
        die("connecting");
    connection->ssl = SSL_new(context);
    if (connection->ssl == NULL || SSL_set_fd(connection->ssl, connection->descriptor) != 1) die("SSL_new");
    SSL_set_connect_state(connection->ssl);
    connection->state = CONNECTING;
    watch(connection, EPOLL_CTL_ADD, EPOLLOUT);
}

static void finish(struct connection *connection) {
    SSL_free(connection->ssl);
    close(connection->descriptor);
    connection->state = CLOSED;
}

/* Whether the connection lasts. */
static int shake_hands(struct connection *connection) {
    size_t sent = 0, length = connection->kind == HEAD ? PART_OF_A_HEAD : sizeof head - 1;
    int status = SSL_do_handshake(connection->ssl);
    connection->state = HANDSHAKING;
    if (status != 1) return SSL_get_error(connection->ssl, status) == SSL_ERROR_WANT_READ;
    connection->state = SLOW;
    connection->next_byte = now() + 1;
    return SSL_write_ex(connection->ssl, head, length, &sent);
}

/* What there is to do when something has arrived, or it is time. Whether the connection lasts. */
static int go_on(struct connection *connection, int has_arrived, double time) {
    static const char beginning[] = {0x16, 0x03, 0x01};
    char answer;
    size_t count;
    switch (connection->state) {
    case CONNECTING:
        if (!has_arrived) return 1;
        watch(connection, EPOLL_CTL_MOD, EPOLLIN);
        if (connection->kind != STALLED) return shake_hands(connection);
        connection->state = SLOW;
        return send(connection->descriptor, beginning, sizeof beginning, MSG_NOSIGNAL) > 0;
    case HANDSHAKING: return !has_arrived || shake_hands(connection);
    case SLOW:
        if (connection->kind == STALLED) return !has_arrived;
        if (has_arrived) {
            /* Tickets are no answer. */
            int status = SSL_read_ex(connection->ssl, &answer, 1, &count);
            if (status == 1 || SSL_get_error(connection->ssl, status) != SSL_ERROR_WANT_READ) return 0;
        }
        if (time < connection->next_byte) return 1;
        connection->next_byte += 1;
        return SSL_write_ex(connection->ssl, "x", 1, &count);
    default: return 1;
    }
}

int main(int argument_count, char **arguments) {
    if (argument_count != 4) die("reading the arguments");
    int count = atoi(arguments[2]), due = 0;
    double seconds = atof(arguments[3]), start = now();
    struct rlimit files = {(rlim_t)count + 64, (rlim_t)count + 64};
    struct connection *connections = calloc((size_t)count, sizeof *connections);
    struct epoll_event events[EVENTS];
    queue = epoll_create1(0);
    if (connections == NULL || queue < 0 || setrlimit(RLIMIT_NOFILE, &files) != 0) die("making room");
    address.sin_port = htons((unsigned short)atoi(arguments[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    context = SSL_CTX_new(TLS_client_method());
    if (context == NULL) die("SSL_CTX_new");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, end);
    long opened = 0;
    while (!is_over) {
        int ready = epoll_wait(queue, events, EVENTS, TICK_MILLISECONDS);
        for (int index = 0; index < ready; index++) {
            struct connection *connection = events[index].data.ptr;
            if (!go_on(connection, 1, now())) finish(connection);
        }
        double time = now(), passed = (time - start) / seconds;
        int was_due = due;
        due = passed < 1 ? (int)(passed * count) : count;
        for (int index = 0; index < due; index++) {
            struct connection *connection = &connections[index];
            if (connection->state == CLOSED) {
                connection->kind = (enum kind)(index % KINDS);
                begin(connection);
                opened++;
            } else if (!go_on(connection, 0, time)) {
                finish(connection);
            }
        }
        if (due == count && was_due < count) {
            puts("open");
            fflush(stdout);
        }
    }
    printf("%ld\n", opened);
    return 0;
}
