# shellcheck shell=bash
# `validate` against libyaml's parser alone. Sourced by run.

# regions COUNT: valid Regions of eight flavors each, some 2 KB, as one stream of documents.
regions() {
    awk -v count="$1" '
        function uuid(first, a, b) { return sprintf("%s%07x-0000-4000-8000-%08x%04x", first, a, a, b) }
        BEGIN {
            for (region = 0; region < count; region++) {
                printf "---\napiVersion: region.unikorn-cloud.org/v1alpha1\nkind: Region\nmetadata:\n"
                printf "  name: %s\n  namespace: unikorn-region\n", uuid("f", region, 0)
                printf "  labels:\n    unikorn-cloud.org/name: region-%d\n", region
                printf "  annotations:\n    example.com/owner: \"platform team, on call around the clock\"\n"
                printf "    example.com/description: |\n      One of many regions, with the flavors that each of them has.\n"
                printf "      Generated, so that every run reads the same bytes.\n"
                printf "spec:\n  provider: kubernetes\n  kubernetes:\n    kubeConfigSecret:\n"
                printf "      name: region-%d-kubeconfig\n      namespace: unikorn-region\n    nodes:\n", region
                for (flavor = 0; flavor < 8; flavor++) {
                    printf "    - id: %s\n      name: flavor-%d\n", uuid("4", region, flavor), flavor
                    printf "      cpu:\n        count: %d\n      memory: %dGi\n      disk: %dGi\n", 2 ^ (flavor % 6 + 1), 2 ^ (flavor % 6 + 2), 40 * (flavor + 1)
                    if (flavor % 2) {
                        printf "      gpu:\n        vendor: NVIDIA\n        model: H100\n        memory: 80Gi\n"
                        printf "        physicalCount: 8\n        logicalCount: 8\n"
                    }
                }
            }
        }'
}

bench_validate() {
    local round count=5000 libyaml name
    local -a ratios
    # shellcheck disable=SC2046 # flags are several words
    g++ -O2 -x c++ -o "$directory/parse" Tests/bench/parse.c $(pkg-config --cflags --libs yaml-0.1)
    regions "$count" >"$directory/regions.yaml"
    mkdir "$directory/files"
    awk -v directory="$directory/files" '
        /^---$/ { if (file) close(file); file = sprintf("%s/region-%04d.yaml", directory, number++); next }
        { print > file }' "$directory/regions.yaml"

    for name in validate-vs-libyaml validate-files-vs-libyaml; do
        local -a read=("$directory/regions.yaml") validated=("$directory/regions.yaml")
        if [[ $name == *files* ]]; then read=("$directory"/files/*) validated=("$directory/files"); fi
        ratios=()
        for ((round = 0; round < rounds; round++)); do
            cpu_of "$directory/parse" "${read[@]}"
            libyaml=$cpu
            cpu_of "$webhook" validate "${validated[@]}" || {
                head -n 20 "$directory/output" >&2
                printf 'bench: the generated Regions are not valid\n' >&2
                exit 1
            }
            ratios+=("$(quotient "$cpu" "$libyaml")")
        done
        report "$name" '' '<= 2' "${ratios[@]}"
    done
}
