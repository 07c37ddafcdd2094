# shellcheck shell=bash
# What still works, and what must not, while no server answers; and the way out. Sourced by run.

check_outage() {
    attempt k apply -f "$objects/region-old-fault.yaml"
    attempt k --namespace unikorn-region patch region c3d2e8b4-2f7d-4f40-9c74-2e315b2c9d33 --type=merge \
        --patch='{"metadata": {"finalizers": ["example.com/wait"]}}'
    expect 'a finalizer is set' accepted

    stop_webhook
    check_without_server
    check_way_out
}

check_without_server() {
    attempt k create -f "$cases/seed-region.yaml"
    expect 'no server: a Region is refused' refused
    expect 'no server: the refusal names the webhook' printed 'failed calling webhook "default.region.unikorn-cloud.org"'

    attempt k --namespace unikorn-region delete --wait=false region c3d2e8b4-2f7d-4f40-9c74-2e315b2c9d33
    expect 'no server: a Region can be deleted' accepted
    attempt k --namespace unikorn-region patch region c3d2e8b4-2f7d-4f40-9c74-2e315b2c9d33 --type=merge \
        --patch='{"metadata": {"finalizers": null}}'
    expect 'no server: its finalizer can be removed' accepted
    attempt region c3d2e8b4-2f7d-4f40-9c74-2e315b2c9d33 '{.metadata.name}'
    expect 'no server: it is gone then' printed NotFound

    attempt k label --overwrite node unlabelled "$class_label=0b7e2c54-91d3-4a68-8f1e-6d5c4b3a2f10"
    expect 'no server: a Node gets a good class' accepted
    attempt k label --overwrite node unlabelled "$class_label=SALAD"
    expect 'no server: a bad class is refused all the same' refused
    expect 'no server: it is the policy that refuses it' printed ValidatingAdmissionPolicy
}

check_way_out() {
    attempt k delete -k manifests/webhooks
    expect 'the webhook configurations can always be deleted' accepted
    expect 'without them a Region can be written again' wait_until 20 k apply -f "$cases/seed-region.yaml"

    local old=d4c3f9c5-3a8e-4051-8d85-3f426c3d0e44
    set_quantity "$old" memory
    expect 'without them and the policy, a poison quantity is stored' accepted
    attempt k apply -k manifests/quantity-policy
    expect 'the policy for quantities is accepted by the API server' accepted
    expect 'it refuses a poison quantity without any webhook' wait_until 20 quantity_policy_refuses "$cases/poison-quantity.yaml"
    expect 'and one that would occupy its clients' quantity_policy_refuses "$cases/hanging-quantity.yaml"
    attempt k --namespace unikorn-region annotate region "$old" example.com/note=changed
    expect 'it accepts an update that keeps an old one' accepted
    set_quantity "$old" disk
    expect 'it refuses an update that adds one' refused
    expect 'it names what was added' printed \
        'spec.kubernetes.nodes[id=2b3c4d5e-6f70-4182-93a4-b5c6d7e8f905].disk: must be a quantity greater than 0'
    attempt k apply -f "$objects/region-old-fault.yaml"
    expect 'it accepts a Region with good quantities' accepted
}

# set_quantity REGION FIELD: gives the first flavor's field a value that no Go client can decode.
set_quantity() {
    attempt k --namespace unikorn-region patch region "$1" --type=json \
        --patch="[{\"op\": \"replace\", \"path\": \"/spec/kubernetes/nodes/0/$2\", \"value\": \"1e1.5\"}]"
}

quantity_policy_refuses() {
    ! output=$(k apply --dry-run=server -f "$1" 2>&1) && [[ $output == *'must be a quantity greater than 0'* ]]
}
