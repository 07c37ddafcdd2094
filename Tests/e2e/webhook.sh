# shellcheck shell=bash
# The webhook's process, and the way it gets into the cluster. Sourced by run.

readonly cases=Tests/Fixtures/cases
readonly objects=Tests/e2e/objects
readonly class_label=kubernetes.region.unikorn-cloud.org/node-class
readonly good_class=4be04a2e-87e6-4ff2-b34b-2994ee1600ba

# The CRD, the namespaces, and objects with faults that were stored before anybody looked.
prepare_cluster() {
    # Ready, the API server may still be putting together the schema that kubectl asks for.
    wait_until 240 k apply -f Tests/Fixtures/crds/regions-2026-07.yaml
    k wait --for=condition=Established crd/regions.region.unikorn-cloud.org --timeout=30s
    k create namespace unikorn-region
    create_kubeconfig_secrets
    k apply -f "$objects/region-old-fault.yaml"
    k create clusterrolebinding kubelets --clusterrole=system:node --group=system:nodes
    local node
    for node in unlabelled old-fault; do
        k create -f - <<<"$(node "$node")"
    done
    k label node old-fault "$class_label=BRATWURST"
    install_roles
    make_webhook_kubeconfig
} >>"$log/kubectl.log" 2>&1

# The Secrets that Regions of these tests refer to.
create_kubeconfig_secrets() {
    cat >"$directory/region.kubeconfig" <<'END'
{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}],
 clusters: [{name: k, cluster: {server: "https://region.example.com"}}], users: [{name: u, user: {token: secret}}]}
END
    local name
    for name in kubeconfig de-central-0-kubeconfig {first,second,third}-of-three-kubeconfig \
        {without-defaults,two-faults,old-fault}-kubeconfig; do
        k --namespace unikorn-region create secret generic "$name" --from-file=kubeconfig="$directory/region.kubeconfig"
    done
}

# The service account and its roles, as they are shipped.
install_roles() {
    k kustomize manifests/base |
        awk 'BEGIN { RS = ORS = "---\n" } /\nkind: (Namespace|ServiceAccount|FlowSchema|(Cluster)?Role(Binding)?)\n/' >"$directory/roles.yaml"
    k apply -f "$directory/roles.yaml" && k apply -k manifests/secrets
}

# A kubeconfig with a token of the service account, which a kubelet would mount into the Pod.
make_webhook_kubeconfig() {
    k --namespace unikorn-region-webhook create token unikorn-region-webhook >"$directory/webhook.token"
    sed -e '/^- name: admin$/,/client-key:/c\- name: webhook\n  user: {tokenFile: webhook.token}' \
        -e 's/user: admin$/user: webhook/' "$directory/kubeconfig" >"$directory/webhook.kubeconfig"
}

# What else start_webhook tells the server. The claims' time to live is the shortest there is: a test waits for its end.
webhook_flags=(--claim-ttl 35)
server='' port='' health_port='' metrics_port=''
start_webhook() {
    if [[ ! -e $directory/certs ]]; then
        "$webhook" certs dev --out "$directory/certs" >"$directory/certs.log" 2>&1
        free_port port
        free_port health_port
        free_port metrics_port
    fi
    "$webhook" serve --kubeconfig "$directory/webhook.kubeconfig" --rule node-class-exclusive=warn --default-from-nodes \
        "${webhook_flags[@]}" \
        --audit-interval 2 --drain-delay 0 --bind-address 127.0.0.1 --secure-port "$port" \
        --tls-cert-file "$directory/certs/tls.crt" --tls-private-key-file "$directory/certs/tls.key" \
        --health-probe-bind-address "127.0.0.1:$health_port" --metrics-bind-address "127.0.0.1:$metrics_port" \
        >>"$directory/webhook.log" 2>&1 &
    server=$!
    wait_for "$server" 10 "http://127.0.0.1:$health_port/readyz"
}

stop_webhook() {
    [[ -z $server ]] || stop "$server"
    server=''
}

# The manifests as they are shipped, with the CA injected as a user would. Only the address is another: nothing routes a
# Service here, so that each becomes the URL of the process.
webhook_manifests() {
    k kustomize manifests/webhooks | "$webhook" certs inject --dir "$directory/certs" | awk -v "address=https://127.0.0.1:$port" '
        /^    service:$/ { in_service = 1; next }
        in_service && /^      path: / { print "    url: " address $2 }
        in_service && /^      / { next }
        { in_service = 0; print }'
}

# The API server begins to call a new configuration a moment after it was stored.
install_webhooks() {
    webhook_manifests >"$directory/webhooks.yaml"
    k apply -f "$directory/webhooks.yaml" >>"$log/kubectl.log" 2>&1
    wait_until 30 is_refusing
}

is_refusing() {
    ! k create --dry-run=server -f "$cases/poison-quantity.yaml" &&
        ! k label --dry-run=server node unlabelled "$class_label=BRATWURST"
}

# How many reviews the webhook has decided since it started.
reviews_decided() {
    curl --silent --fail --max-time 5 "http://127.0.0.1:$metrics_port/metrics" |
        awk '/^unikorn_region_webhook_decisions_total[{ ]/ { sum += $NF } END { print sum + 0 }'
}
