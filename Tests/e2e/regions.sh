# shellcheck shell=bash
# What users see when they write Regions. Sourced by run.

# region NAME JSONPATH: a field of a stored Region.
region() { k --namespace unikorn-region get region "$1" --output "jsonpath=$2"; }

check_regions() {
    check_verdicts
    check_defaults
    check_updates
    check_region_deletion
}

readonly seed=fe4ecbe4-421d-4f25-8b11-69593adfef5d

check_verdicts() {
    attempt k create --dry-run=server -f "$cases/seed-region.yaml"
    expect 'dry run: a good Region is accepted' accepted
    attempt k create --dry-run=server -f "$objects/region-two-faults.yaml"
    expect 'dry run: a bad Region is refused' refused
    attempt region "$seed" '{.metadata.name}'
    expect 'dry run: nothing is stored' printed NotFound

    attempt k create -f "$cases/seed-region.yaml"
    expect 'a good Region is created' accepted
    expect 'a good Region is created without a warning' not_printed Warning

    attempt k create -f "$objects/region-two-faults.yaml"
    expect 'a bad Region is refused' refused
    expect 'the header names it' printed_line 'The Region "a1f0c6f2-0d5b-4d2e-9a52-0c1f3f0a7b11" is invalid: '
    expect 'one line for the class id, with the flavor, what to write and the rule' printed_line \
        '* spec.kubernetes.nodes[0].id: (flavor "bratwurst") Invalid value: "5D0A3B52-6B3C-4E0F-8C39-3A2D1B7F9E01": must be a lowercase UUID, write "5d0a3b52-6b3c-4e0f-8c39-3a2d1b7f9e01" [node-id]'
    expect 'one line for the CPU count' printed_line \
        '* spec.kubernetes.nodes[1].cpu.count: (flavor "currywurst") Invalid value: 0: must be 1 to 4096 [cpu-count]'
    attempt region a1f0c6f2-0d5b-4d2e-9a52-0c1f3f0a7b11 '{.metadata.name}'
    expect 'a refused Region is not stored' printed NotFound

    attempt k apply -f "$cases/poison-quantity.yaml"
    expect 'a quantity that would break the listing of all Regions is refused' refused
    expect 'the only cause stands on the header line' printed \
        "The Region \"$seed\" is invalid: spec.kubernetes.nodes[0].memory: (flavor \"bratwurst\") Invalid value: \"1e1.5\": "

    attempt k apply -f "$objects/several"
    expect 'several objects: the good one is created' printed_line \
        'region.region.unikorn-cloud.org/d4c3f9c5-3a8e-4051-8d85-3f426c3d0e44 created'
    expect 'several objects: the bad ones are refused' refused
    # Of several errors kubectl prints the messages only, not the causes.
    expect 'several objects: the message says all by itself' printed \
        'Region "e5d40ad6-4b9f-4162-9e96-40537d4e1f55" is invalid: spec.kubernetes.nodes[0].id (flavor "leberkas"): Invalid value: "9A1C2E3F-4B5D-4E6F-8A7B-3D4C5E6F7B14": must be a lowercase UUID, write "9a1c2e3f-4b5d-4e6f-8a7b-3d4c5e6f7b14" [node-id]'
    expect 'several objects: so does the other' printed \
        'spec.kubernetes.nodes[1].cpu.count (flavor "currywurst"): Invalid value: 0: must be 1 to 4096 [cpu-count]'
}

check_defaults() {
    local name=b2e1d7a3-1e6c-4e3f-8b63-1d204a1b8c22 manner
    for manner in 'client-side apply' 'server-side apply'; do
        local -a apply=(k apply -f "$objects/region-without-defaults.yaml")
        if [[ $manner == server-side* ]]; then apply+=(--server-side); fi
        attempt "${apply[@]}"
        expect "$manner: a Region without the three defaults is created" accepted
        attempt region "$name" '{.spec.kubernetes.kubeConfigSecret.namespace}'
        expect "$manner: the Secret's namespace is filled in" output_is unikorn-region
        attempt region "$name" '{.spec.kubernetes.nodes[0].gpu.logicalCount}'
        expect "$manner: the logical GPU count is filled in" output_is 8
        attempt region "$name" '{.spec.kubernetes.nodes[0].name}'
        expect "$manner: the flavor's name is filled in" output_is cpu128-mem2048-disk3600-8xh100
        attempt region "$name" '{.metadata.resourceVersion}'
        local version=$output
        attempt "${apply[@]}"
        expect "$manner: applying it again is accepted" accepted
        attempt region "$name" '{.metadata.resourceVersion}'
        expect "$manner: applying it again changes nothing" output_is "$version"
        attempt k delete -f "$objects/region-without-defaults.yaml"
    done
}

check_updates() {
    local old=c3d2e8b4-2f7d-4f40-9c74-2e315b2c9d33
    attempt k --namespace unikorn-region patch region "$old" --type=json \
        --patch='[{"op": "replace", "path": "/spec/kubernetes/nodes/0/name", "value": "weisswurst"}]'
    expect 'an update that keeps an old fault is accepted' accepted
    expect 'the old fault is a warning' printed 'Warning: spec.kubernetes.nodes[0].id (flavor "weisswurst"): '
    attempt k --namespace unikorn-region patch region "$old" --type=json \
        --patch='[{"op": "replace", "path": "/spec/kubernetes/nodes/0/cpu/count", "value": 0}]'
    expect 'an update that adds a fault is refused' refused
    expect 'only the new fault refuses it' printed "The Region \"$old\" is invalid: spec.kubernetes.nodes[0].cpu.count: (flavor \"weisswurst\") Invalid value: 0: "

    attempt k --namespace unikorn-region patch region "$seed" --type=merge --patch='{"spec": {"provider": "simulated"}}'
    expect 'a change of the provider is refused' refused
    expect 'a change of the provider is refused by its rule' printed '[region-provider-immutable]'
    attempt k --namespace unikorn-region annotate region "$seed" example.com/note=changed
    expect 'an annotation is accepted' accepted
    expect 'an annotation brings no warning' not_printed Warning
}

check_region_deletion() {
    attempt k --namespace unikorn-region delete region "$seed"
    expect 'a Region is deleted' accepted
}
