# shellcheck shell=bash
# What rules see of the other objects that the API server holds. Sourced by run.
#
# The webhook watches with the token of its service account and the roles of manifests/base: what they lack, it does not
# see.

readonly shared_class=6f1d2c3b-4a59-4687-9b0c-1d2e3f405162
readonly first_region=a7c41d90-1111-4d6b-9c58-2f3e4d5c6b7a second_region=b7c41d90-2222-4d6b-9c58-2f3e4d5c6b7a

# flavor_region NAME DISPLAY CLASS CPUS: a Region with one flavor.
flavor_region() {
    cat <<END
apiVersion: region.unikorn-cloud.org/v1alpha1
kind: Region
metadata:
  namespace: unikorn-region
  name: $1
  labels: {unikorn-cloud.org/name: $2}
spec:
  provider: kubernetes
  kubernetes:
    kubeConfigSecret: {namespace: unikorn-region, name: kubeconfig}
    nodes:
    - {id: $3, name: bratwurst, cpu: {count: $4}, memory: 4Gi, disk: 40Gi}
END
}

# create_node NAME CPUS: a Node whose kubelet has reported that many CPUs, without a class.
create_node() {
    k create -f - <<<"$(node "$1")"
    k patch node "$1" --subresource=status --type=merge \
        --patch="{\"status\": {\"capacity\": {\"cpu\": \"$2\", \"memory\": \"4194304Ki\", \"ephemeral-storage\": \"41943040Ki\"},
            \"nodeInfo\": {\"architecture\": \"amd64\", \"bootID\": \"\", \"containerRuntimeVersion\": \"\", \"kernelVersion\": \"\",
            \"kubeProxyVersion\": \"\", \"kubeletVersion\": \"\", \"machineID\": \"\", \"operatingSystem\": \"linux\", \"osImage\": \"\", \"systemUUID\": \"\"}}}"
}

# inventory KIND: how many objects of a kind the webhook knows.
inventory() {
    curl --silent --fail --max-time 5 "http://127.0.0.1:$metrics_port/metrics" |
        awk -v "name=unikorn_region_webhook_inventory_objects{kind=\"$1\"}" '$1 == name { print $2 }'
}

stored() { k get "$1" --all-namespaces --no-headers --selector="${2:-}" 2>/dev/null | wc -l; }
knows_all_regions() { [[ $(inventory regions) == $(stored regions) ]]; }
knows_all_nodes() { [[ $(inventory nodes) == $(stored nodes "$class_label") ]]; }

check_cluster() {
    check_other_regions
    check_other_nodes
    check_defaults_from_nodes
    check_removed_class
    check_audit
    check_lost_permission
}

create_second_region() { k create -f - <<<"$(flavor_region "$second_region" other-name "$shared_class" 4)"; }

check_other_regions() {
    attempt k create -f - <<<"$(flavor_region "$first_region" shared-name "$shared_class" 4)"
    expect 'a Region with a class of its own is created' accepted
    expect 'the webhook learns of every Region' wait_until 10 knows_all_regions
    attempt k create -f - <<<"$(flavor_region "$second_region" shared-name "$shared_class" 4)"
    expect 'a second Region with the same class is refused' refused
    expect 'the refusal names the Region that has it' printed \
        "Region \"unikorn-region/$first_region\" declares it, flavor \"bratwurst\" [node-id-unique]"
    attempt k create --dry-run=server -f - <<<"$(flavor_region "$second_region" shared-name "${shared_class/6f/7f}" 4)"
    expect 'a second display name of the same is accepted with a warning' printed '[region-display-name-unique]'
    attempt k apply --server-side -f - <<<"$(flavor_region "$first_region" shared-name "$shared_class" 4)"
    expect 'a Region is not compared with itself' not_printed '-unique]'
    attempt k --namespace unikorn-region delete region "$first_region"
    attempt k create --dry-run=server -f - <<<"$(flavor_region "$first_region" shared-name "$shared_class" 4)"
    expect 'a Region that was deleted can be created again' accepted
    # Not at once: a request for the deleted one might still be on its way.
    attempt k create -f - <<<"$(flavor_region "$second_region" other-name "$shared_class" 4)"
    expect 'its class is not free at once' printed 'is about to declare it; try again [node-id-unique]'
    attempt wait_until 120 create_second_region
    expect 'its class is free for another when no claim is left' accepted
}

check_other_nodes() {
    attempt create_node machine-1 4
    attempt create_node machine-2 4
    attempt create_node machine-3 64
    attempt k label node machine-1 "$class_label=$shared_class"
    expect 'the first Node of a declared class is accepted' accepted
    expect 'a Node that is what its flavor says brings no warning' not_printed Warning
    expect 'the webhook learns of every Node that has a class' wait_until 10 knows_all_nodes
    attempt k label node machine-2 "$class_label=$shared_class"
    expect 'a second machine of the type is accepted' accepted
    expect 'with the rule switched on, that the value is there already is a warning' printed '[node-class-exclusive]'
    attempt k label node machine-3 "$class_label=$shared_class"
    expect 'another type of machine is refused' refused
    expect 'the refusal compares it with a Node of the class' printed \
        'this Node has 64 CPUs, Node "machine-1" of the class has 4 [node-class-uniform]'
    expect 'that it is not what the flavor says is a warning' printed '[node-class-matches-flavor]'
    attempt k label node machine-3 "$class_label=${shared_class/6f/7f}"
    expect 'a class that no Region declares is accepted with a warning' printed \
        'no Region declares this class [node-class-declared]'
}

# A Region that says nothing of its machines but their class.
check_defaults_from_nodes() {
    local region=d7c41d90-4444-4d6b-9c58-2f3e4d5c6b7a class=${shared_class/6f/5f}
    flavor_region "$region" from-nodes "$class" 4 | sed "s/- {id: $class, .*/- {id: $class}/" >"$directory/from-nodes.yaml"
    attempt k create -f "$directory/from-nodes.yaml"
    expect 'what no Node says stays absent, and is refused' printed 'Required value'
    attempt create_node machine-4 4
    attempt k label node machine-4 "$class_label=$class"
    expect 'the webhook learns of the Node' wait_until 10 knows_all_nodes
    attempt k create -f "$directory/from-nodes.yaml"
    expect 'what the Nodes of its class say, a Region may leave out' accepted
    attempt k --namespace unikorn-region get region "$region" \
        --output 'jsonpath={.spec.kubernetes.nodes[0].cpu.count} {.spec.kubernetes.nodes[0].memory} {.spec.kubernetes.nodes[0].disk} {.spec.kubernetes.nodes[0].name}'
    expect 'it is stored with them, and with a name made of them' output_is '4 4Gi 40Gi cpu4-mem4-disk40'
    attempt k --namespace unikorn-region delete region "$region"
    attempt k delete node machine-4
}

check_removed_class() {
    expect 'the webhook learns of every label' wait_until 10 knows_all_nodes
    attempt k --namespace unikorn-region patch region "$second_region" --type=json \
        --patch='[{"op": "replace", "path": "/spec/kubernetes/nodes/0/cpu/count", "value": 8}]'
    expect 'a class that Nodes carry is resized with a warning' printed '[node-id-removed]'
    attempt k --namespace unikorn-region patch region "$second_region" --type=json \
        --patch="[{\"op\": \"replace\", \"path\": \"/spec/kubernetes/nodes/0/id\", \"value\": \"${shared_class/6f/8f}\"}]"
    expect 'a class that Nodes carry is removed with a warning' printed 'Nodes carry this class [node-id-removed]'
    attempt k --namespace unikorn-region delete region "$second_region"
    expect 'a Region goes' accepted
    attempt k delete node machine-1 machine-2 machine-3
    expect 'the webhook learns what is gone' wait_until 10 knows_all_nodes
}

# What was stored before the webhook was there is found without anybody touching it.
check_audit() {
    local old=c3d2e8b4-2f7d-4f40-9c74-2e315b2c9d33
    expect 'the audit writes an Event of a Region with an old fault' wait_until 20 event_says \
        unikorn-region "$old" '[node-id]'
    expect 'the audit writes an Event of a Node with an old fault' wait_until 20 event_says default old-fault '[node-class]'
    attempt k --namespace unikorn-region describe region "$old"
    expect 'kubectl describe shows it' printed RuleViolated
    # A Secret goes, and nobody touches the Region that names it.
    attempt k --namespace unikorn-region delete secret old-fault-kubeconfig
    expect 'the audit writes an Event of a Region whose Secret is gone' wait_until 20 event_says \
        unikorn-region "$old" 'there is no Secret "unikorn-region/old-fault-kubeconfig" [kubeconfig-secret-exists]'
    attempt "$webhook" audit --kubeconfig "$directory/webhook.kubeconfig"
    expect 'the audit command finds that, too' printed 'error[kubeconfig-secret-exists]'
    expect 'the audit command finds errors' test "$code" = 1
    expect 'the audit command names the Region' printed "Region unikorn-region/$old: error[node-id]: "
    expect 'the audit command names the Node' printed 'Node old-fault: error[node-class]: '
    flavor_region "$second_region" x "9a1c2e3f-4b5d-4e6f-8a7b-3d4c5e6f7a04" 4 >"$directory/conflict.yaml"
    attempt "$webhook" validate --kubeconfig "$directory/webhook.kubeconfig" "$directory/conflict.yaml"
    expect 'a file is judged against what the cluster holds' printed 'error[node-id-unique]'
    sed -i 's/name: kubeconfig}/name: absent}/' "$directory/conflict.yaml"
    attempt "$webhook" validate --kubeconfig "$directory/webhook.kubeconfig" "$directory/conflict.yaml"
    expect 'and by the Secrets that the cluster holds' printed 'there is no Secret "unikorn-region/absent"'
    attempt k --namespace unikorn-region create secret generic old-fault-kubeconfig --from-file=kubeconfig="$directory/region.kubeconfig"
    attempt k delete -k manifests/secrets
    attempt wait_until 10 audit_says 'Secrets are not judged: reading Secrets in namespace "unikorn-region" is forbidden'
    expect 'without permission for Secrets the audit command says so' accepted
    attempt "$webhook" audit --kubeconfig "$directory/webhook.kubeconfig"
    expect 'and finds nothing in them' not_printed '[kubeconfig-secret-'
    attempt k apply -k manifests/secrets
}

# audit_says TEXT: the audit command prints it.
audit_says() {
    { "$webhook" audit --kubeconfig "$directory/webhook.kubeconfig" 2>&1 || true; } | grep --quiet --fixed-strings "$1"
}

event_says() {
    output=$(k --namespace "$1" get events --field-selector "involvedObject.name=$2" --output 'jsonpath={.items[*].message}') &&
        [[ $output == *"$3"* ]]
}

readyz_says() { [[ $(curl --silent --max-time 5 "http://127.0.0.1:$health_port/readyz?verbose") == *"$1"* ]]; }

# Without permission it starts all the same, says so, and abstains.
check_lost_permission() {
    attempt k delete clusterrolebinding unikorn-region-webhook
    stop_webhook
    # Class ids that cannot be claimed are not admitted: here is what the rules make of it that only look.
    local -a webhook_flags=(--uniqueness cache)
    expect 'without permission the webhook becomes ready' start_webhook
    expect 'without permission it says what is missing' wait_until 10 readyz_says \
        '[+]inventory-regions ok, but the webhook may not list Regions'
    attempt k create --dry-run=server -f - <<<"$(flavor_region "$first_region" shared-name "$shared_class" 4)"
    expect 'without permission a Region is accepted' accepted
    expect 'without permission what was not judged is a warning' printed \
        'not judged: the webhook may not list Regions [node-id-unique]'
    attempt install_roles
    expect 'with its permission it knows all again' wait_until 20 knows_all_regions
}
