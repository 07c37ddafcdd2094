# shellcheck shell=bash
# The server against nginx, which answers the same POST with a constant. Sourced by run.

ours='' our_port='' nginx='' nginx_port='' health_port='' metrics_port=''

choose_ports() {
    free_port our_port
    free_port health_port
    free_port metrics_port
}

start_ours() {
    "$webhook" serve --standalone --drain-delay 0 --bind-address 127.0.0.1 --secure-port "$our_port" --log-level error \
        --tls-cert-file "$directory/certs/tls.crt" --tls-private-key-file "$directory/certs/tls.key" \
        --health-probe-bind-address "127.0.0.1:$health_port" --metrics-bind-address "127.0.0.1:$metrics_port" \
        >>"$directory/webhook.log" 2>&1 &
    ours=$!
}

stop_servers() {
    [[ -z $nginx ]] || stop "$nginx"
    [[ -z $ours ]] || stop "$ours"
    nginx='' ours=''
}

# metric NAME: of the webhook, as a whole number.
metric() {
    curl --silent --fail --max-time 5 "http://127.0.0.1:$metrics_port/metrics" |
        awk -v name="unikorn_region_webhook_$1" '$1 == name { print int($2) }'
}

open_connections() { metric connections_open; }

has_open_connections() { (($(open_connections) >= $1)); }

# The webhook, ready to answer.
start_webhook() {
    choose_ports
    start_ours
    wait_for "$ours" 10 "http://127.0.0.1:$health_port/readyz"
}

# nginx with as many workers as the webhook, which runs already, has event loops. It returns ANSWER, whatever it is sent.
# Sets $workers, their process ids.
start_nginx() { # WORKERS ANSWER
    local answer=${2//\\/\\\\}
    free_port nginx_port
    cat >"$directory/nginx.conf" <<END
daemon off;
worker_processes $1;
pid nginx.pid;
error_log nginx.log;
$( ((EUID != 0)) || echo 'user root;')
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:$nginx_port ssl;
        ssl_certificate certs/tls.crt;
        ssl_certificate_key certs/tls.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_tickets on;
        keepalive_requests 1000000000;
        keepalive_timeout 180s;
        client_max_body_size 32m;
        client_body_buffer_size 64k;
        default_type application/json;
        location / { return 200 '${answer//\'/\\\'}'; }
    }
}
END
    nginx -p "$directory" -c nginx.conf -e "$directory/nginx.log" &
    nginx=$!
    wait_for "$nginx" 10 --insecure "https://127.0.0.1:$nginx_port/"
    require_tls13 "$nginx_port"
    require_tls13 "$our_port"
    mapfile -t workers < <(cat "/proc/$nginx/task/$nginx/children" | tr ' ' '\n' | sed '/^$/d')
}

# The webhook, and an nginx that answers as it does. Sets $workers.
start_both() {
    start_webhook
    start_nginx "$(event_loops)" "$(post "$our_port" /validate "$region_review")"
}

# require_tls13 PORT: OpenSSL, which is what wrk and h2load have too, agrees on TLS 1.3 there.
require_tls13() {
    openssl s_client -connect "127.0.0.1:$1" </dev/null 2>"$directory/output" | grep -q '^New, TLSv1.3,' || {
        cat "$directory/output" >&2
        printf 'bench: port %s does not speak TLS 1.3\n' "$1" >&2
        exit 1
    }
}

event_loops() { cat "/proc/$ours"/task/*/comm | grep -c '^NIO-ELT' || nproc; }

post() { # PORT PATH FILE
    curl --silent --show-error --fail-with-body --cacert "$directory/certs/ca.crt" --max-time 10 \
        --header 'Content-Type: application/json' --data-binary "@$3" "https://127.0.0.1:$1$2?timeout=10s"
}

# load PORT PATH FILE PID...: sends FILE over 16 kept-alive connections. Sets $requests, $server_time and $client_time
# (nanoseconds of CPU).
load() {
    local port=$1 path=$2 file=$3 before errors
    shift 3
    before=$(server_cpu "$@")
    BENCH_BODY=$file cpu_of wrk -t 1 -c 16 -d "${seconds}s" -s Tests/bench/post.lua "https://127.0.0.1:$port$path?timeout=10s"
    server_time=$(($(server_cpu "$@") - before))
    client_time=$cpu
    read -r requests errors < <(sed -n 's/^bench //p' "$directory/output")
    if [[ -z $requests || $errors != 0 ]]; then
        cat "$directory/output" >&2
        printf 'bench: not every request was answered\n' >&2
        exit 1
    fi
    if [[ -n ${BENCH_VERBOSE:-} ]]; then
        awk -v name="${file##*/} on port $port" -v requests="$requests" -v server="$server_time" -v client="$client_time" -v seconds="$seconds" '
            BEGIN { printf "  %s: %d requests a second; server %.1f, client %.1f microseconds a request\n",
                name, requests / seconds, server / requests / 1000, client / requests / 1000 }' >&2
    fi
}

# compare NAME TARGET PATH FILE: rounds of nginx and of the webhook in turn.
compare() {
    local name=$1 target=$2 path=$3 file=$4 round theirs their_requests
    local -a workers cpu_ratios=() throughput_ratios=()
    start_nginx "$(event_loops)" "$(post "$our_port" "$path" "$file")"
    for ((round = 0; round < rounds; round++)); do
        load "$nginx_port" "$path" "$file" "${workers[@]}"
        their_requests=$requests
        theirs=$(quotient $((server_time + client_time)) "$requests")
        load "$our_port" "$path" "$file" "$ours"
        cpu_ratios+=("$(quotient "$theirs" "$(quotient $((server_time + client_time)) "$requests")")")
        throughput_ratios+=("$(quotient "$requests" "$their_requests")")
    done
    stop "$nginx"
    nginx=''
    report "$name" '' "$target" "${cpu_ratios[@]}"
    report "$name-throughput" '' '' "${throughput_ratios[@]}"
}

# A Region without a flavor's name, a logicalCount and the Secret's namespace.
incomplete_review() {
    sed -e 's/"name":"flavor-0"/"x":0/; s/"logicalCount":8,//; s/\("kubeConfigSecret":{[^}]*\),"namespace":"[^"]*"/\1/' \
        "$reviews/region-create-eight-flavors.mutate.json"
}

bench_servers() {
    start_webhook
    incomplete_review >"$directory/mutate.json"
    compare region-vs-nginx '>= 0.75' /validate "$region_review"
    compare node-vs-nginx '>= 0.85' /validate "$reviews/node-update-unrelated-label.validate.json"
    compare mutate-vs-nginx '>= 0.65' /mutate "$directory/mutate.json"
    stop_servers
}

# From the start of the process to its first answer over TLS: until it accepts, and what curl needs from then on.
bench_start() {
    local round began accepted rest
    local -a times=()
    for ((round = 0; round < rounds; round++)); do
        choose_ports
        began=$EPOCHREALTIME
        start_ours
        until (: <"/dev/tcp/127.0.0.1/$our_port") 2>/dev/null; do kill -0 "$ours"; done
        accepted=$EPOCHREALTIME
        rest=$(curl --silent --fail --cacert "$directory/certs/ca.crt" --output /dev/null --write-out '%{time_total}' \
            --header 'Content-Type: application/json' --data-binary "@$region_review" \
            "https://127.0.0.1:$our_port/validate?timeout=10s")
        times+=("$(awk -v began="$began" -v accepted="$accepted" -v rest="$rest" \
            'BEGIN { printf "%.2f\n", (accepted - began + rest) * 1000 }')")
        stop_servers
    done
    report start ms '<= 40' "${times[@]}"
}
