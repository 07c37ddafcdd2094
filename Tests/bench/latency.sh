# shellcheck shell=bash
# Latency at a fixed rate. Sourced by run.

# h2load and not hey, because its log has microseconds: hey rounds to a tenth of a millisecond, which is a third of what
# is measured here. And not wrk, which sends as fast as it can: its latency is that of its own queue.
latency_clients=10
latency_rate=1000

# request_latencies PORT: sends reviews at the rate, and sets $p99: the microseconds in which 99 of 100 were answered.
# The first half second, with the handshakes, does not count.
request_latencies() {
    local count least
    rm -f "$directory/latencies"
    h2load --h1 --threads=1 --clients=$latency_clients --rps=$((latency_rate / latency_clients)) --duration="$seconds" \
        --log-file="$directory/latencies" --data="$region_review" --header='content-type: application/json' \
        "https://127.0.0.1:$1/validate?timeout=10s" >"$directory/output" 2>&1
    awk 'NR == 1 { start = $1 } $2 != 200 { exit 1 } $1 - start > 500000 { print $3 }' "$directory/latencies" |
        sort -n >"$directory/sorted" || {
        printf 'bench: not every request was answered\n' >&2
        exit 1
    }
    count=$(wc -l <"$directory/sorted")
    ((count > 0)) || {
        cat "$directory/output" >&2
        printf 'bench: no request was answered\n' >&2
        exit 1
    }
    # Who falls behind is sent less, and looks better than it is; on a busy machine that is the client too.
    least=$((latency_rate * (2 * seconds - 1) / 2 * 95 / 100))
    ((count >= least)) || printf 'bench: %s requests were sent where %s were due\n' "$count" "$least" >&2
    p99=$(sed -n "$(((count * 99 + 99) / 100))p" "$directory/sorted")
    [[ -z ${BENCH_VERBOSE:-} ]] ||
        printf '  port %s: %s requests, median %s, p99 %s microseconds\n' \
            "$1" "$count" "$(sed -n "$(((count + 1) / 2))p" "$directory/sorted")" "$p99" >&2
}

bench_latency() {
    local round theirs p99
    local -a workers ratios=()
    start_both
    for ((round = 0; round < rounds; round++)); do
        request_latencies "$nginx_port"
        theirs=$p99
        request_latencies "$our_port"
        ratios+=("$(quotient "$p99" "$theirs")")
    done
    report "p99-at-${latency_rate}rps-vs-nginx" '' '<= 1.5' "${ratios[@]}"
    stop_servers
}
