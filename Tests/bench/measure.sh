# shellcheck shell=bash
# Reading clocks and reporting figures. Sourced by run.

# How many figures missed their targets.
missed=0

# report NAME UNIT TARGET FIGURE...: the line for a measure, from one figure a round. TARGET is what the median must be, as
# ">= 0.75" or "<= 24", or nothing.
report() {
    local name=$1 unit=$2 target=$3 line
    shift 3
    line=$(printf '%s\n' "$@" | sort -g | awk -v name="$name" -v unit="${unit:+ $unit}" -v target="$target" '
        { figure[NR] = $1 }
        END {
            median = NR % 2 ? figure[(NR + 1) / 2] : (figure[NR / 2] + figure[NR / 2 + 1]) / 2
            printf "bench: %s %.2f%s (min %.2f max %.2f)", name, median, unit, figure[1], figure[NR]
            if (target == "") exit
            split(target, parts, " ")
            rounded = sprintf("%.2f", median) + 0
            is_met = parts[1] == ">=" ? rounded >= parts[2] + 0 : rounded <= parts[2] + 0
            printf " target %s%s%s", target, unit, is_met ? "" : " MISSED"
        }')
    printf '%s\n' "$line"
    [[ $line != *MISSED ]] || missed=$((missed + 1))
}

largest() { printf '%s\n' "$@" | sort -g | tail -n 1; }

quotient() { awk -v above="$1" -v below="$2" 'BEGIN { printf "%.4f\n", above / below }'; }

# build_bench PRODUCT: one of the programs that are built for measuring only. Sets $bin, where it is.
build_bench() {
    BENCH=1 swift build -c release --product "$1" --scratch-path .build-bench >&2
    bin=$(BENCH=1 swift build -c release --scratch-path .build-bench --show-bin-path)
}

# server_cpu PID...: nanoseconds on a processor, all threads of the processes together, so far.
server_cpu() {
    local pid
    for pid in "$@"; do cat /proc/"$pid"/task/*/schedstat; done | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# cpu_of COMMAND...: the command's CPU time in nanoseconds, user and system, into $cpu; its output to $directory/output.
# Fails where the command fails.
cpu_of() {
    local TIMEFORMAT='%3U %3S' times
    times=$( { time "$@" >"$directory/output" 2>&1; } 2>&1) || return 1
    cpu=$(awk '{ printf "%.0f\n", ($1 + $2) * 1e9 }' <<<"$times")
}

# peak_of COMMAND...: the most memory that the command had, in megabytes, into $peak. Fails where the command fails.
peak_of() {
    /usr/bin/time --format %M --output "$directory/peak" "$@" >"$directory/output" 2>&1 || return 1
    peak=$(awk '{ printf "%.1f\n", $1 / 1024 }' "$directory/peak")
}

# resident PID: megabytes.
resident() { awk '/^VmRSS/ { printf "%.1f\n", $2 / 1024 }' "/proc/$1/status"; }
