# shellcheck shell=bash
# What users and kubelets see when they write Nodes. Sourced by run.

# node NAME: a Node, with the class label where one is given.
# In block style: some versions of kubectl take a document that starts with a brace for JSON.
node() { printf 'apiVersion: v1\nkind: Node\nmetadata: {name: %s, labels: {%s}}\n' "$1" "${2:+"$class_label: $2"}"; }

as_kubelet() { k --as=system:node:"$1" --as-group=system:nodes --as-group=system:authenticated "${@:2}"; }

check_nodes() {
    check_labels
    check_registration
    check_unrelated
    check_label_policy
}

check_labels() {
    attempt k label node unlabelled "$class_label=$good_class"
    expect 'a Node gets a class' accepted
    attempt k label --overwrite node unlabelled "$class_label=${good_class^^}"
    expect 'a class in upper case is refused' refused
    expect 'a class in upper case is refused by its rule, at its label' printed \
        "The Node \"unlabelled\" is invalid: metadata.labels[$class_label]: Invalid value: \"${good_class^^}\": "
    attempt k label node unlabelled old-fault --overwrite "$class_label=SALAD"
    expect 'two Nodes at once: refused' refused
    expect 'two Nodes at once: each message stands alone' printed "Node \"unlabelled\" is invalid: "
    attempt k patch node unlabelled --subresource=status --type=merge \
        --patch="{\"metadata\": {\"labels\": {\"$class_label\": \"SMUGGLED\"}}}"
    expect 'a bad class through the status is refused' refused
    expect 'a bad class through the status is refused by the webhook' printed "metadata.labels[$class_label]"
    attempt k get node unlabelled --output "jsonpath={.metadata.labels.kubernetes\.region\.unikorn-cloud\.org/node-class}"
    expect 'the class is what it was' output_is "$good_class"
    attempt k label --overwrite node unlabelled "$class_label=0b7e2c54-91d3-4a68-8f1e-6d5c4b3a2f10"
    expect 'a change of class is accepted with a warning' printed '[node-class-changed]'
    attempt k label node unlabelled "$class_label-"
    expect 'the removal of a class is accepted with a warning' printed '[node-class-removed]'
}

# A refusal there would make a restarted kubelet retry for ever.
check_registration() {
    attempt k create -f - <<<"$(node new SALAD)"
    expect 'an administrator cannot create a Node with a bad class' refused
    attempt as_kubelet registering create -f - <<<"$(node registering SALAD)"
    expect 'a kubelet registers with a bad class' accepted
    expect 'a kubelet is warned' printed 'Warning: '
    expect 'a kubelet is warned by the rule' printed '[node-class]'
}

check_unrelated() {
    local before after
    before=$(reviews_decided)
    expect 'the webhook counts the reviews it decided' test "$before" -gt 0
    attempt k patch node old-fault --subresource=status --type=merge --patch='{"status": {"conditions": [
        {"type": "Ready", "status": "True", "lastHeartbeatTime": "2026-01-01T00:00:00Z"}]}}'
    expect 'a heartbeat of a Node with an old fault is accepted' accepted
    attempt k label node old-fault example.com/rack=r1
    expect 'an unrelated label on it is accepted' accepted
    attempt k create -f - <<<"$(node without-class)"
    expect 'a Node without a class is created' accepted
    attempt k delete node without-class
    expect 'a Node is deleted' accepted
    after=$(reviews_decided)
    expect 'none of these called the webhook' equal "$before" "$after"
}

# The base comes with the policy, which answers before the webhook does.
check_label_policy() {
    attempt k apply -k manifests/base
    expect 'manifests/base is accepted by the API server' accepted
    expect 'the policy refuses a bad class' wait_until 20 policy_refuses SALAD
    attempt k label --overwrite node old-fault "$class_label=SALAD"
    expect 'the policy says what is wrong' printed \
        "metadata.labels[$class_label]: Invalid value: \"SALAD\": must be a lowercase version 4 UUID"
    attempt as_kubelet registering-later create -f - <<<"$(node registering-later SALAD)"
    expect 'the policy lets a kubelet register' accepted
    attempt k label node unlabelled "$class_label=$good_class"
    expect 'the policy accepts a good class' accepted
}

policy_refuses() {
    ! output=$(k label --overwrite --dry-run=server node old-fault "$class_label=$1" 2>&1) &&
        [[ $output == *ValidatingAdmissionPolicy* ]]
}
