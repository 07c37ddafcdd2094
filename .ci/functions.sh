# shellcheck shell=bash
# What the scripts share. Sourced, never run.

# build_optimized FOLDER [OPTION...]: builds the program for use, in a folder for what the build makes, and puts its path into
# $webhook. Without the options that .ci/build-release has for it, which takes several times as long.
build_optimized() {
    local -a flags=(-c release --static-swift-stdlib --scratch-path "$@")
    swift build "${flags[@]}" --product unikorn-region-webhook
    webhook=$(swift build "${flags[@]}" --show-bin-path)/unikorn-region-webhook
}

# free_port NAME: puts a TCP port of 127.0.0.1 on which nothing listens into the variable NAME, another one each time.
# Below 32768, where the kernel would give them to outgoing connections.
taken_ports=' '
free_port() {
    local candidate
    while :; do
        candidate=$((20000 + RANDOM % 12000))
        [[ $taken_ports != *" $candidate "* ]] || continue
        if ! (: <"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; then break; fi
    done
    taken_ports+="$candidate "
    printf -v "$1" %s "$candidate"
}

# wait_until SECONDS COMMAND...: repeats a command every 100 ms until it succeeds; fails after SECONDS.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# wait_for PID SECONDS URL [CURL OPTION...]: waits until a GET of URL succeeds; fails after SECONDS, and at once when the
# process has ended.
wait_for() {
    local pid=$1 deadline=$((SECONDS + $2))
    shift 2
    until curl --silent --fail --max-time 2 --output /dev/null "$@"; do
        kill -0 "$pid" 2>/dev/null && ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# stop PID...: asks processes to end and waits until they have; kills what has not ended after ten seconds.
stop() {
    local pid deadline=$((SECONDS + 10))
    kill -TERM "$@" 2>/dev/null || true
    for pid in "$@"; do
        while kill -0 "$pid" 2>/dev/null; do
            if ((SECONDS >= deadline)); then
                kill -KILL "$pid" 2>/dev/null || true
                break
            fi
            sleep 0.1
        done
        wait "$pid" 2>/dev/null || true
    done
}
