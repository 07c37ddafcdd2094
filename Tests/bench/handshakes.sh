# shellcheck shell=bash
# A new TLS connection per request, against nginx: full handshakes, and resumed ones. Sourced by run.

# connect KIND PORT PID...: opens connections for as long as a measurement lasts. Sets $connection_time: the server's CPU
# time for each, in nanoseconds.
connect() {
    local kind=$1 port=$2 before
    shift 2
    before=$(server_cpu "$@")
    "$directory/handshakes" "$port" "$directory/certs/ca.crt" "$region_review" '/validate?timeout=10s' "$seconds" "$kind" \
        >"$directory/output"
    connection_time=$(quotient $(($(server_cpu "$@") - before)) "$(<"$directory/output")")
    [[ -z ${BENCH_VERBOSE:-} ]] ||
        printf '  %s on port %s: %s connections, %.0f microseconds of server CPU each\n' \
            "$kind" "$port" "$(<"$directory/output")" "$(quotient "$connection_time" 1000)" >&2
}

bench_handshakes() {
    local kind round theirs
    local -a workers ratios
    local -A targets=([full]=0.90 [resumed]=0.85)
    # shellcheck disable=SC2046 # flags are several words
    g++ -O2 -x c -o "$directory/handshakes" Tests/bench/handshakes.c $(pkg-config --cflags --libs openssl)
    start_both
    for kind in full resumed; do
        ratios=()
        for ((round = 0; round < rounds; round++)); do
            connect "$kind" "$nginx_port" "${workers[@]}"
            theirs=$connection_time
            connect "$kind" "$our_port" "$ours"
            ratios+=("$(quotient "$theirs" "$connection_time")")
        done
        report "handshakes-$kind-vs-nginx" '' ">= ${targets[$kind]}" "${ratios[@]}"
    done
    stop_servers
}
