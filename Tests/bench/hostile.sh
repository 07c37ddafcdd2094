# shellcheck shell=bash
# What was made to hurt: slow connections, more connections than there is room for, documents that multiply themselves.
# Sourced by run.

# The server closes a slow handshake or head after ten seconds, so that some are always being opened in their place.
crowd_size=1000 crowd_least=900
# Seconds over which they are opened, and for which requests are then measured: one in a hundred is 100 requests.
crowd_seconds=10
# How often it is tried.
crowd_attempts=3
# Ten times as many as the server takes (`maxConnections`), in parts that fit the descriptors of a process.
overload_connections=20000
overload_processes=4
# A request that takes longer, with its handshake, is not served as usual; what a machine of two processors needs for a
# client that starts, and room.
overload_slow=0.2

# bench_crowd: p99 of the others' requests with the slow connections beside them, divided by that without, before and after.
# And how far those without are from each other, each divided by the one before it.
bench_crowd() {
    local round before beside after p99 seconds=$((seconds > crowd_seconds ? seconds : crowd_seconds))
    local -a ratios=() control=()
    # shellcheck disable=SC2046 # flags are several words
    g++ -O2 -x c -o "$directory/slow" Tests/bench/slow.c $(pkg-config --cflags --libs openssl)
    start_webhook
    # The very first requests are slower.
    request_latencies "$our_port"
    request_latencies "$our_port"
    before=$p99
    for ((round = 0; round < rounds; round++)); do
        request_latencies_beside_crowd
        beside=$p99
        request_latencies "$our_port"
        after=$p99
        ratios+=("$(quotient $((2 * beside)) $((before + after)))")
        control+=("$(quotient "$after" "$before")")
        before=$after
    done
    report p99-without-them-again '' '' "${control[@]}"
    # No more than two measurements without them are from each other.
    report "p99-beside-$crowd_size-slow-connections" '' "<= $(largest 1 "${control[@]}")" "${ratios[@]}"
    stop_servers
}

# request_latencies_beside_crowd: sets $p99. Where the client of the crowd, which has to come back as often as it is closed,
# gets too little of the processors, the measurement is made again.
request_latencies_beside_crowd() {
    local attempt found slow
    for ((attempt = 0; attempt < crowd_attempts; attempt++)); do
        # Behind everybody else, since on a machine of its own it would disturb nobody. Not by `nice`, with which it would
        # keep a processor from those that wake for up to a tick of the scheduler.
        timeout $((5 * crowd_seconds + seconds)) chrt --idle 0 "$directory/slow" "$our_port" $crowd_size $crowd_seconds \
            >"$directory/slow.log" 2>&1 &
        slow=$!
        ! wait_until $((3 * crowd_seconds)) has_crowd || request_latencies "$our_port"
        found=$(open_connections)
        stop "$slow"
        wait_until 15 has_no_connections || true
        [[ -z ${BENCH_VERBOSE:-} ]] || printf '  %s connections at the end, %s were opened in all\n' \
            "$found" "$(tail -n 1 "$directory/slow.log")" >&2
        if ((found >= crowd_least)); then return; fi
    done
    printf 'bench: only %s of %s slow connections were open: the machine is too busy\n' "$found" $crowd_size >&2
    exit 1
}

# All were begun, and those that were closed are being opened again.
has_crowd() { grep -q open "$directory/slow.log" && has_open_connections $crowd_least; }

has_no_connections() { (($(open_connections) == 0)); }

# bench_overload: milliseconds from the end of an overload until every request is served as usual again, and at least until
# the first one is.
bench_overload() {
    local round part ended refused
    local -a crowd times=()
    for ((round = 0; round < rounds; round++)); do
        start_webhook
        crowd=()
        for ((part = 0; part < overload_processes; part++)); do
            BENCH_BODY=$region_review wrk -t 1 -c $((overload_connections / overload_processes)) -d 60s \
                -s Tests/bench/post.lua "https://127.0.0.1:$our_port/validate?timeout=10s" >"$directory/overload" 2>&1 &
            crowd+=($!)
        done
        sleep $((seconds + 5))
        refused=$(metric connections_refused_total)
        [[ -z ${BENCH_VERBOSE:-} ]] ||
            printf '  %s connections are open, %s were refused\n' "$(open_connections)" "$refused" >&2
        ((refused > 0)) || {
            cat "$directory/overload" >&2
            printf 'bench: no connection was refused: there was no overload\n' >&2
            exit 1
        }
        kill -KILL "${crowd[@]}"
        ended=$EPOCHREALTIME
        wait "${crowd[@]}" 2>/dev/null || true
        while awk -v now="$EPOCHREALTIME" -v ended="$ended" 'BEGIN { exit now - ended > 4 }'; do
            printf '%s %s\n' "$(curl --silent --cacert "$directory/certs/ca.crt" --max-time 4 --output /dev/null \
                --write-out '%{http_code} %{time_total}' --header 'Content-Type: application/json' \
                --data-binary "@$region_review" "https://127.0.0.1:$our_port/validate?timeout=10s")" "$EPOCHREALTIME"
        done >"$directory/after"
        times+=("$(awk -v ended="$ended" -v slow=$overload_slow '
            $1 != 200 || $2 > slow || NR == 1 { last = $3 }
            END { printf "%.0f\n", (last - ended) * 1000 }' "$directory/after")")
        stop_servers
    done
    report recovery-from-overload ms '<= 2000' "${times[@]}"
}

# bench_bombs: milliseconds of CPU in which `validate` refuses each of three documents that multiply themselves, the process
# included, and the memory that it takes.
bench_bombs() {
    local round kind
    local -a times peaks refuse
    awk 'BEGIN {
        print "a0: &a0 [x, x, x, x, x, x, x, x, x]"
        for (level = 1; level < 14; level++) {
            printf "a%d: &a%d [*a%d", level, level, level - 1
            for (i = 1; i < 9; i++) printf ", *a%d", level - 1
            print "]"
        }
    }' >"$directory/bomb-of-lists.yaml"
    awk 'BEGIN {
        printf "a: &a {k0: 1"
        for (i = 1; i < 1000; i++) printf ", k%d: 1", i
        print "}"
        for (i = 0; i < 1000; i++) printf "b%d: {<<: *a}\n", i
    }' >"$directory/bomb-of-merges.yaml"
    awk 'BEGIN {
        text = "x"
        while (length(text) < 100000) text = text text
        printf "? &a %s\n: 1\nb:\n", text
        for (i = 0; i < 1000; i++) print "- *a"
    }' >"$directory/bomb-of-text.yaml"
    for kind in lists merges text; do
        times=() peaks=()
        # It is refused.
        # shellcheck disable=SC2016 # the inner shell has the values
        refuse=(bash -c '"$0" validate "$1"; (($? == 1))' "$webhook" "$directory/bomb-of-$kind.yaml")
        for ((round = 0; round < rounds; round++)); do
            cpu_of "${refuse[@]}"
            times+=("$(awk -v cpu="$cpu" 'BEGIN { printf "%.1f\n", cpu / 1e6 }')")
            peak_of "${refuse[@]}"
            peaks+=("$peak")
        done
        report "bomb-of-$kind" ms '<= 100' "${times[@]}"
        report "bomb-of-$kind-peak" MB '<= 50' "${peaks[@]}"
    done
}
