# shellcheck shell=bash
# The watch cache of a large cluster, which a generator stands in for: memory, and the time until all is known. Sourced by
# run.
#
#   BENCH_NODES    Nodes of it, 14 KB each (100,000)
#   BENCH_REGIONS  Regions of it, with eight flavors each (1,000)

# The generator, ready to list.
start_cluster() { # NODES REGIONS
    local bin
    build_bench cluster-bench
    mkdir -p "$directory/cluster"
    : >"$directory/cluster.log"
    "$bin/cluster-bench" "$directory/cluster" "$1" "$2" >"$directory/cluster.log" &
    cluster=$!
    wait_until 20 grep -q ready "$directory/cluster.log"
}

known() {
    curl --silent --fail --max-time 5 "http://127.0.0.1:$metrics_port/metrics" |
        awk -v "kind=$1" '$1 == "unikorn_region_webhook_inventory_objects{kind=\"" kind "\"}" { print $2 }'
}

high_water() { awk '/^VmHWM/ { printf "%.1f\n", $2 / 1024 }' "/proc/$1/status"; }

bench_cluster() {
    local nodes=${BENCH_NODES:-100000} regions=${BENCH_REGIONS:-1000} round start
    local -a times=() steady=() peaks=() ratios=()
    start_cluster "$nodes" "$regions"
    for ((round = 0; round < (rounds < 3 ? rounds : 3); round++)); do
        choose_ports
        start=$(date +%s%N)
        "$webhook" serve --kubeconfig "$directory/cluster/kubeconfig" --uniqueness cache --audit-interval 0 --drain-delay 0 \
            --bind-address 127.0.0.1 --secure-port "$our_port" --log-level error \
            --tls-cert-file "$directory/certs/tls.crt" --tls-private-key-file "$directory/certs/tls.key" \
            --health-probe-bind-address "127.0.0.1:$health_port" --metrics-bind-address "127.0.0.1:$metrics_port" \
            >>"$directory/webhook.log" 2>&1 &
        ours=$!
        wait_for "$ours" 180 "http://127.0.0.1:$health_port/readyz"
        times+=("$(awk -v "from=$start" -v "to=$(date +%s%N)" 'BEGIN { print (to - from) / 1e9 }')")
        [[ $(known nodes) == "$nodes" && $(known regions) == "$regions" ]] || {
            printf 'bench: of %s Nodes and %s Regions %s and %s are known\n' "$nodes" "$regions" "$(known nodes)" "$(known regions)" >&2
            exit 1
        }
        sleep 3
        steady+=("$(resident "$ours")")
        peaks+=("$(high_water "$ours")")
        ratios+=("$(quotient "${peaks[-1]}" "${steady[-1]}")")
        stop "$ours"
        ours=''
    done
    report "rss-$nodes-nodes-$regions-regions" MB '<= 96' "${steady[@]}"
    report "peak-$nodes-nodes-$regions-regions" MB '' "${peaks[@]}"
    report "peak-vs-steady-$nodes-nodes" '' '<= 1.5' "${ratios[@]}"
    report "sync-$nodes-nodes" s '' "${times[@]}"
    stop "$cluster"
    cluster=''
}
