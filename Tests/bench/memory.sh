# shellcheck shell=bash
# Resident memory of one process, after one thing and then the next. Sourced by run.

# send COUNT CLIENTS FILE: posts FILE so many times over so many kept-alive connections.
send() {
    h2load --h1 --threads=1 --requests="$1" --clients="$2" --data="$3" --header='content-type: application/json' \
        "https://127.0.0.1:$our_port/validate?timeout=10s" >"$directory/output" 2>&1
    grep -q "^requests: .* $1 succeeded, 0 failed, 0 errored" "$directory/output" || {
        cat "$directory/output" >&2
        printf 'bench: not every request was answered\n' >&2
        exit 1
    }
}

# large_review: a Region update of 12 MB. The API server writes each "<" of an object's strings as \u003c, so that a
# review can be six times as long as the objects in it.
large_review() {
    awk '
        BEGIN { page = "\\u003c"; while (length(page) < 6000000) page = page page; page = substr(page, 1, 6000000) }
        {
            while (position = index($0, "\"metadata\":{\"annotations\":{\"")) {
                print substr($0, 1, position + 26) "\"example.com/page\":\"" page "\","
                $0 = substr($0, position + 27)
            }
            print
        }' "$reviews/region-update-removes-flavor.validate.json"
}

# bench_memory: each round is one process, at four moments of its life.
bench_memory() {
    local requests=${BENCH_REQUESTS:-1000000} round
    local -a idle=() after=() crowded=() quiet=()
    large_review >"$directory/large.json"
    for ((round = 0; round < (rounds < 3 ? rounds : 3); round++)); do memory_round; done
    report rss-idle MB '<= 24' "${idle[@]}"
    report "rss-after-$requests-requests" MB '<= 32' "${after[@]}"
    report rss-1000-connections MB '<= 48' "${crowded[@]}"
    report rss-after-100-large-reviews MB '<= 48' "${quiet[@]}"
}

memory_round() {
    local holder
    start_webhook
    sleep 1
    idle+=("$(resident "$ours")")

    send "$requests" 16 "$region_review"
    after+=("$(resident "$ours")")

    # At one request in a hundred seconds each client sends its first at once, and then waits.
    h2load --h1 --threads=1 --clients=1000 --rps=0.01 --duration=60 --data="$region_review" \
        --header='content-type: application/json' "https://127.0.0.1:$our_port/validate?timeout=10s" \
        >"$directory/output" 2>&1 &
    holder=$!
    wait_until 20 has_open_connections 1000
    # What handshakes took is given back once no more come.
    sleep 3
    crowded+=("$(resident "$ours")")
    stop "$holder"

    send 100 4 "$directory/large.json"
    sleep 2
    quiet+=("$(resident "$ours")")
    stop_servers
}
