# shellcheck shell=bash
# Reading clocks and reporting figures. Sourced by run.

# report NAME UNIT FIGURE...: the line for a measure, from one figure a round.
report() {
    local name=$1 unit=$2
    shift 2
    printf '%s\n' "$@" | sort -g | awk -v name="$name" -v unit="${unit:+ $unit}" '
        { figure[NR] = $1 }
        END {
            median = NR % 2 ? figure[(NR + 1) / 2] : (figure[NR / 2] + figure[NR / 2 + 1]) / 2
            printf "bench: %s %.2f%s (min %.2f max %.2f)\n", name, median, unit, figure[1], figure[NR]
        }'
}

quotient() { awk -v above="$1" -v below="$2" 'BEGIN { printf "%.4f\n", above / below }'; }

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

# resident PID: megabytes.
resident() { awk '/^VmRSS/ { printf "%.1f\n", $2 / 1024 }' "/proc/$1/status"; }
