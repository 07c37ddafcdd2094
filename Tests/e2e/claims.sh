# shellcheck shell=bash
# Class ids under concurrency, with three replicas, and Secrets. Sourced by run.
#
#   E2E_ROUNDS     rounds of 200 creates that share a class id (20)
#   E2E_SAMPLES    creates of each kind whose latency is measured (50)
#   E2E_RUNS       how many times that is measured (1)
#   E2E_REGIONS    Regions of eight flavors that are there meanwhile (0): each claim lists them all

readonly race_rounds=${E2E_ROUNDS:-20} latency_samples=${E2E_SAMPLES:-50} latency_runs=${E2E_RUNS:-1} latency_regions=${E2E_REGIONS:-0}
readonly race_creates=200

check_claims() {
    check_secrets
    prepare_race
    start_replicas claims claims claims
    race "$race_rounds" claims
    expect 'of 200 creates by three replicas that share a class id, one is admitted in each round' equal "$admitted" "$race_rounds"
    expect 'that many Regions are stored' equal "$stored_at_most" 1
    check_flow_schema
    stop_replicas
    start_replicas cache cache cache
    race 5 cache
    stop_replicas
    expect 'the shipped configurations call the webhook again' end_race
}

check_latency() {
    local run
    prepare_race
    start_replicas claims off off
    ((latency_regions == 0)) || fill_cluster
    for ((run = 1; run <= latency_runs; run++)); do measure_latency "$run"; done
    stop_replicas
    expect 'the shipped configurations call the webhook again, once more' end_race
}

check_secrets() {
    local region=c9d41e90-3333-4d6b-9c58-2f3e4d5c6b7a class=7a1d2c3b-4a59-4687-9b0c-1d2e3f405162
    attempt k create -f - <<<"$(flavor_region "$region" no-secret "$class" 4 | sed 's/name: kubeconfig}/name: absent}/')"
    expect 'a Region whose Secret does not exist is refused' refused
    expect 'the refusal says so' printed 'there is no Secret "unikorn-region/absent" [kubeconfig-secret-exists]'
    attempt k --namespace unikorn-region create secret generic faulty --from-literal=kubeconfig='{current-context: c}'
    attempt k create -f - <<<"$(flavor_region "$region" no-secret "$class" 4 | sed 's/name: kubeconfig}/name: faulty}/')"
    expect 'a Region whose kubeconfig is of no use is refused' printed '[kubeconfig-secret-content]'
    attempt k --namespace unikorn-region-webhook get lease "node-class-$class"
    expect 'what a Secret refuses claims nothing' printed NotFound
    attempt k delete -k manifests/secrets
    attempt wait_until 10 secrets_are_not_judged
    expect 'without permission for the Secret a Region is accepted with a warning' accepted
    attempt k apply -k manifests/secrets
}

secrets_are_not_judged() {
    k create --dry-run=server -f - <<<"$(flavor_region c9d41e90-3333-4d6b-9c58-2f3e4d5c6b7a no-secret 7a1d2c3b-4a59-4687-9b0c-1d2e3f405162 4)" 2>&1 |
        grep --quiet 'not judged: the webhook may not read Secrets in namespace "unikorn-region"'
}

# MARK: three replicas

replicas=() replica_ports=()

prepare_race() {
    stop_webhook
    k delete -k manifests/webhooks >>"$log/kubectl.log" 2>&1
    local index
    for index in 0 1 2; do free_port "replica_ports[$index]"; done
    api=$(awk '$1 == "server:" { print $2; exit }' "$directory/kubeconfig")
    race_configuration >"$directory/race.yaml"
    k apply -f "$directory/race.yaml" >>"$log/kubectl.log" 2>&1
}

# The name of a Region decides which replica it is sent to.
race_configuration() {
    local index digits=('[0-5]' '[6-9a]' '[b-f]')
    printf 'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: race}\nwebhooks:\n'
    for index in 0 1 2; do
        cat <<END
- name: replica-$index.region.unikorn-cloud.org
  admissionReviewVersions: [v1]
  clientConfig: {url: "https://127.0.0.1:${replica_ports[index]}/validate", caBundle: "$(base64 -w0 "$directory/certs/ca.crt")"}
  rules: [{apiGroups: [region.unikorn-cloud.org], apiVersions: [v1alpha1], resources: [regions], operations: [CREATE, UPDATE]}]
  matchConditions: [{name: replica, expression: "request.name.matches('${digits[index]}\$')"}]
  failurePolicy: Fail
  timeoutSeconds: 10
  sideEffects: NoneOnDryRun
END
    done
}

# start_replicas MODE MODE MODE: of --uniqueness.
start_replicas() {
    local index=0 mode health
    replicas=()
    for mode in "$@"; do
        free_port health
        "$webhook" serve --kubeconfig "$directory/webhook.kubeconfig" --uniqueness "$mode" --claim-ttl 75 \
            --drain-delay 0 --bind-address 127.0.0.1 --secure-port "${replica_ports[index]}" \
            --tls-cert-file "$directory/certs/tls.crt" --tls-private-key-file "$directory/certs/tls.key" \
            --health-probe-bind-address "127.0.0.1:$health" --metrics-bind-address 0 \
            >>"$directory/replica-$index.log" 2>&1 &
        replicas+=("$!")
        wait_for "${replicas[-1]}" 20 "http://127.0.0.1:$health/readyz" || give_up 'a replica did not become ready' "replica-$index"
        index=$((index + 1))
    done
    # The API server calls a new configuration a moment after it was stored, and remembers a server that was gone.
    for index in 0 6 b; do
        wait_until 30 is_judged "$index" || give_up 'the API server does not call a replica' replica-0
    done
}

is_judged() {
    ! k create --dry-run=server -f - <<<"$(flavor_region "a0000000-0000-4000-8000-00000000000$1" x "$good_class" 0)" &&
        k create --dry-run=server -f - <<<"$(flavor_region "a0000000-0000-4000-8000-00000000000$1" x 1a1d2c3b-4a59-4687-9b0c-1d2e3f405162 2)"
}

stop_replicas() {
    ((${#replicas[@]} == 0)) || stop "${replicas[@]}"
    replicas=()
}

end_race() {
    k delete validatingwebhookconfiguration race >>"$log/kubectl.log" 2>&1
    start_webhook && install_webhooks
}

# MARK: requests by curl, which needs no process for each

new_class() {
    local digits
    digits=$(openssl rand -hex 16)
    printf '%s-%s-4%s-8%s-%s' "${digits:0:8}" "${digits:8:4}" "${digits:13:3}" "${digits:17:3}" "${digits:20:12}"
}

# region_json NAME DISPLAY CLASS...: a Region with a flavor for each class.
region_json() {
    local name=$1 display=$2 class nodes='' number=0
    shift 2
    for class in "$@"; do
        nodes+=${nodes:+,}$(printf '{"id":"%s","name":"flavor-%d","cpu":{"count":2},"memory":"4Gi","disk":"40Gi"}' "$class" "$number")
        number=$((number + 1))
    done
    printf '{"apiVersion":"region.unikorn-cloud.org/v1alpha1","kind":"Region","metadata":{"name":"%s","labels":{"race":"yes","unikorn-cloud.org/name":"%s"}},"spec":{"provider":"kubernetes","kubernetes":{"kubeConfigSecret":{"namespace":"unikorn-region","name":"kubeconfig"},"nodes":[%s]}}}' \
        "$name" "$display" "$nodes"
}

readonly regions_path=/apis/region.unikorn-cloud.org/v1alpha1/namespaces/unikorn-region/regions

# get PATH, post PATH FILE: one transfer of a curl configuration.
get() {
    printf 'next\nurl = "%s%s"\ncacert = "%s"\ncert = "%s"\nkey = "%s"\nmax-time = 40\n' \
        "$api" "$1" "$directory/pki/ca.crt" "$directory/pki/admin.crt" "$directory/pki/admin.key"
    [[ -n ${2:-} ]] || printf 'output = "%s/get.answer"\n' "$directory"
}
post() {
    get "$1" "$2"
    printf 'header = "Content-Type: application/json"\ndata-binary = "@%s"\noutput = "%s.answer"\nwrite-out = "%%{http_code} %%{time_total}\\n"\n' "$2" "$2"
}

# remove PATH: the same, for a DELETE.
remove() {
    printf 'next\nrequest = "DELETE"\nurl = "%s%s"\ncacert = "%s"\ncert = "%s"\nkey = "%s"\nmax-time = 40\noutput = "/dev/null"\n' \
        "$api" "$1" "$directory/pki/ca.crt" "$directory/pki/admin.crt" "$directory/pki/admin.key"
}

# race ROUNDS MODE: sets $admitted, the creates that were admitted in all, and $stored_at_most, of one round.
race() {
    local rounds=$1 mode=$2 round number class count stored
    local -A answers=()
    mkdir -p "$directory/race"
    admitted=0 stored_at_most=0
    for ((round = 0; round < rounds; round++)); do
        class=$(new_class)
        # The first opens the connection that all others then share at once.
        get /version >"$directory/race/config"
        for ((number = 0; number < race_creates; number++)); do
            region_json "$(printf 'a%07x-0000-4000-8000-%012x' "$round" "$number")" "race-$round-$number" "$class" >"$directory/race/$number"
            post "$regions_path" "$directory/race/$number"
        done >>"$directory/race/config"
        curl --silent --parallel --parallel-max "$race_creates" \
            --config <(sed 1d "$directory/race/config") >"$directory/race/codes" 2>>"$log/kubectl.log" || true
        count=$(grep --count '^201 ' "$directory/race/codes" || true)
        admitted=$((admitted + count))
        stored=$(k --namespace unikorn-region get regions --selector=race=yes --no-headers 2>/dev/null | wc -l)
        ((stored <= stored_at_most)) || stored_at_most=$stored
        while read -r number count; do answers[$number]=$((${answers[$number]:-0} + count)); done \
            < <(cut -d' ' -f1 "$directory/race/codes" | sort | uniq -c | awk '{ print $2, $1 }')
        k --namespace unikorn-region delete regions --selector=race=yes --wait=true >>"$log/kubectl.log" 2>&1 || true
    done
    printf '# --uniqueness %s: %d rounds of %d creates that share a class id: %d admitted (at most %d in a round); answers:' \
        "$mode" "$rounds" "$race_creates" "$admitted" "$stored_at_most"
    for number in "${!answers[@]}"; do printf ' %s x%d' "$number" "${answers[$number]}"; done
    printf '\n'
}

# MARK: the FlowSchema

# Creates by a service account that has few seats at a time (API Priority and Fairness), each held while the webhook is asked.
# The webhook is a service account, too: its own requests would have to wait for the same seats.
check_flow_schema() {
    local with without
    k create serviceaccount creator --namespace unikorn-region >>"$log/kubectl.log" 2>&1
    k create clusterrole creator --verb=create --resource=regions.region.unikorn-cloud.org >>"$log/kubectl.log" 2>&1
    k create clusterrolebinding creator --clusterrole=creator --serviceaccount=unikorn-region:creator >>"$log/kubectl.log" 2>&1
    k --namespace unikorn-region create token creator >"$directory/creator.token"
    # Of the seats of the server some six, and none that it could borrow.
    k annotate prioritylevelconfiguration workload-low apf.kubernetes.io/autoupdate-spec=false --overwrite >>"$log/kubectl.log" 2>&1
    k patch prioritylevelconfiguration workload-low --type=merge \
        --patch '{"spec": {"limited": {"nominalConcurrencyShares": 1, "lendablePercent": 0, "borrowingLimitPercent": 0}}}' >>"$log/kubectl.log" 2>&1
    sleep 5
    create_as_service_account 1
    with=$answers_of_creates
    attempt k delete flowschema unikorn-region-webhook
    sleep 5
    create_as_service_account 2
    without=$answers_of_creates
    printf '# %d creates at once by a service account with few seats: with the FlowSchema%s; without it%s\n' "$seat_creates" "$with" "$without"
    expect 'with the FlowSchema all creates are admitted, however few seats their author has' equal "$with" " 201 x$seat_creates"
    expect 'without it, they are not' test "$without" != " 201 x$seat_creates"
    attempt install_roles
    k patch prioritylevelconfiguration workload-low --type=merge \
        --patch '{"spec": {"limited": {"nominalConcurrencyShares": 100, "lendablePercent": 90, "borrowingLimitPercent": null}}}' >>"$log/kubectl.log" 2>&1
    k annotate prioritylevelconfiguration workload-low apf.kubernetes.io/autoupdate-spec=true --overwrite >>"$log/kubectl.log" 2>&1
    k --namespace unikorn-region delete regions --selector=race=yes --wait=true >>"$log/kubectl.log" 2>&1 || true
}

# create_as_service_account ROUND: sets $answers_of_creates.
readonly seat_creates=40
create_as_service_account() {
    local number
    mkdir -p "$directory/seats"
    {
        for ((number = 0; number < seat_creates; number++)); do
            region_json "$(printf 'e%07x-0000-4000-8000-%012x' "$1" "$number")" "seats-$1-$number" "$(new_class)" >"$directory/seats/$number"
            printf 'next\nurl = "%s%s"\ncacert = "%s"\nmax-time = 60\nheader = "Authorization: Bearer %s"\n' \
                "$api" "$regions_path" "$directory/pki/ca.crt" "$(<"$directory/creator.token")"
            printf 'header = "Content-Type: application/json"\ndata-binary = "@%s"\noutput = "%s.answer"\nwrite-out = "%%{http_code}\\n"\n' \
                "$directory/seats/$number" "$directory/seats/$number"
        done
    } >"$directory/seats/config"
    curl --silent --parallel --parallel-max "$seat_creates" --config <(sed 1d "$directory/seats/config") \
        >"$directory/seats/codes" 2>>"$log/kubectl.log" || true
    rm "$directory/seats/config"
    answers_of_creates=$(sort "$directory/seats/codes" | uniq -c | awk '{ printf " %s x%d", $2, $1 }')
}

# MARK: latency

# What a claim adds to a create, beside one write of the API server. One create after the other on one connection, the kinds
# in turn, so that whatever else this machine does meets all of them; with pauses, since kube-apiserver answers a second
# linearizable list within 100 ms of the first at the end of these (it asks etcd for progress that often). Each Region goes at
# once, so that those which every claim lists stay as many as they are.
measure_latency() {
    local run=$1 sample number kind prefix count name='d%07x-%04x-4000-8000-00000000000%s'
    local -a classes
    mkdir -p "$directory/latency"
    for ((sample = 0; sample < latency_samples; sample++)); do
        printf '{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"write-%d"},"spec":{"holderIdentity":"e2e"}}' \
            "$((run * 100000 + sample))" >"$directory/latency/$sample-write"
        post /apis/coordination.k8s.io/v1/namespaces/unikorn-region/leases "$directory/latency/$sample-write"
        for kind in 1-off 1-claims 20-off 20-claims; do
            count=${kind%-*}
            prefix=b
            [[ $kind != *claims ]] || prefix=0
            classes=()
            for ((number = 0; number < count; number++)); do
                classes+=("$(printf '%08x-%04x-4000-8000-%012x' "$((run * 100000 + sample))" "$number" "$((count * 2 + ${#kind}))")")
            done
            # shellcheck disable=SC2059
            region_json "$(printf "$name" "$((run * 100000 + sample))" "$count" "$prefix")" \
                "latency-$run-$sample-$kind" "${classes[@]}" >"$directory/latency/$sample-$kind"
            post "$regions_path" "$directory/latency/$sample-$kind"
            # shellcheck disable=SC2059
            remove "$regions_path/$(printf "$name" "$((run * 100000 + sample))" "$count" "$prefix")"
        done
    done >"$directory/latency/config"
    curl --silent --rate 10/s --config <(sed 1d "$directory/latency/config") >"$directory/latency/times" 2>>"$log/kubectl.log" || true
    awk '
        function percentile(kind, p,    i, n, sorted) {
            n = 0
            for (i = 0; i < samples; i++) sorted[++n] = time[kind, i]
            sort(sorted, n)
            return sorted[int((n - 1) * p / 100 + 0.5) + 1] * 1000
        }
        function sort(a, n,    i, j, x) {
            for (i = 2; i <= n; i++) { x = a[i]; for (j = i - 1; j > 0 && a[j] > x; j--) a[j + 1] = a[j]; a[j + 1] = x }
        }
        { kind = (NR - 1) % 5; time[kind, int((NR - 1) / 5)] = $2; codes[$1]++; samples = int((NR - 1) / 5) + 1 }
        END {
            printf "# latency, run '"$run"', of %d creates each (answers:", samples
            for (code in codes) printf " %s x%d", code, codes[code]
            print "), in ms:"
            for (p = 50; p <= 99; p += 49) {
                write = percentile(0, p)
                one = percentile(2, p) - percentile(1, p); twenty = percentile(4, p) - percentile(3, p)
                printf "# p%d: one write %.1f; a create without claims %.1f, claiming 1 id +%.1f (%.1f writes); of 20 ids %.1f, claiming them +%.1f (%.1f writes)\n",
                    p, write, percentile(1, p), one, one / write, percentile(3, p), twenty, twenty / write
            }
        }' "$directory/latency/times" | tee "$directory/latency/result"
    expect 'every create of the measurement is admitted' equal "$(cut -d' ' -f1 "$directory/latency/times" | sort -u)" 201
}

# Regions of eight flavors, created past the claims.
fill_cluster() {
    local number flavor
    local -a classes
    mkdir -p "$directory/fill"
    for ((number = 0; number < latency_regions; number++)); do
        classes=()
        for ((flavor = 0; flavor < 8; flavor++)); do classes+=("$(printf 'f%07x-%04x-4000-8000-000000000000' "$number" "$flavor")"); done
        region_json "$(printf 'f%07x-0000-4000-8000-00000000000f' "$number")" "fill-$number" "${classes[@]}" >"$directory/fill/$number"
        post "$regions_path" "$directory/fill/$number"
    done >"$directory/fill/config"
    curl --silent --config <(sed 1d "$directory/fill/config") >"$directory/fill/codes" 2>>"$log/kubectl.log" || true
    printf '# %d Regions of eight flavors are there\n' "$(grep --count '^201 ' "$directory/fill/codes")"
}
