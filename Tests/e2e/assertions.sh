# shellcheck shell=bash
# Assertions about what a command printed and what the API server holds. Sourced by run.

passed=0
failed=0

# attempt COMMAND...: runs it and keeps what it printed, on both streams, in $output, and its exit code in $code.
attempt() {
    code=0
    output=$("$@" 2>&1) || code=$?
    printf '$ %s\n%s\n(exit code %d)\n\n' "$*" "$output" "$code" >>"$log/kubectl.log"
}

# expect DESCRIPTION CONDITION...: one line for one assertion; where it fails, what the last command printed.
expect() {
    local description=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        printf 'ok - %s\n' "$description"
    else
        failed=$((failed + 1))
        printf 'not ok - %s\n' "$description"
        printf '  expected: %s\n' "$*"
        printf '%s\n' "$output" | sed 's/^/  | /'
    fi
    printf '# %s\n' "$description" >>"$log/kubectl.log"
}

# What expect can be told to look for.
accepted() { [[ $code == 0 ]]; }
refused() { [[ $code != 0 ]]; }
printed() { [[ $output == *"$1"* ]]; }
not_printed() { [[ $output != *"$1"* ]]; }
printed_line() { grep --fixed-strings --line-regexp --quiet -- "$1" <<<"$output"; }
output_is() { [[ $output == "$1" ]]; }
equal() { [[ $1 == "$2" ]]; }
