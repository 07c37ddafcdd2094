# shellcheck shell=bash
# Allocations for one review, counted by programs that replace malloc: in the core, and in the whole server. Sourced by run.

# bench_allocations: a count is the same in each round, so there is one.
bench_allocations() {
    local bin kind file name count
    local -A files=([region]=$region_review [node]=$reviews/node-update-unrelated-label.validate.json)
    local -A core=([region]=30 [node]=10) server=([region]=60 [node]=45)
    build_bench allocation-counter
    build_bench server-bench
    mkdir -p "$directory/bench-certs"
    for kind in region node; do
        file=${files[$kind]} name=${files[$kind]##*/}
        count=$("$bin/allocation-counter" "$file" | awk -v name="$name" '$1 == name { print $2 }') || true
        : "${count:?allocation-counter has counted nothing}"
        report "allocations-core-$kind" '' "<= ${core[$kind]}" "$count"
        count=$("$bin/server-bench" --seconds "$seconds" "$directory/bench-certs" "$file" |
            awk -v name="$name" '$1 == "server:" && $2 == name { print $3 }') || true
        : "${count:?server-bench has counted nothing}"
        report "allocations-server-$kind" '' "<= ${server[$kind]}" "$count"
    done
}
