#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Measures the recorder: processes that send as fast as they can, what one send costs them, and whether all of it was
# recorded; the same with the server's lines printed to a file. Prints Markdown for docs/performance.md.

set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: scripts/record_benchmark.sh [--processes N] [--messages N] [--rounds N]

  --processes N   client processes (8)
  --messages N    messages of each of them (1000000)
  --rounds N      how often everything is run; the median by messages a second is printed (5)

Builds what it needs in build/ci. Recordings go to a folder in TMPDIR (else /tmp) and are removed. Progress goes to
standard error, the result to standard output.

Exit status: 0 done, 1 something failed or messages were lost, 2 the command line is wrong.
TEXT
}

processes=8 messages=1000000 rounds=5
while [[ $# -gt 0 ]]; do
    case $1 in
        --processes | --messages | --rounds)
            [[ ${2:-} =~ ^[1-9][0-9]{0,8}$ ]] || { usage >&2; exit 2; }
            declare "${1#--}=$2"
            shift 2
            ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
{ cmake --preset ci && cmake --build --preset ci --target alloclens-cli alloclens-load; } >/dev/null
cli=build/ci/app/cli/alloclens-cli load=build/ci/tests/tools/alloclens-load
scratch=$(mktemp -d)
recorder=
cleanup() {
    [[ -z $recorder ]] || kill "$recorder" 2>/dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT

# One run: prints messages a second, median and 99th percentile of a send in ns, and messages lost.
run() {
    local latency=$1
    shift
    rm -f "$scratch"/*
    "$cli" record "$scratch/run.alens" --socket "$scratch/socket" "$@" >"$scratch/echo" 2>"$scratch/errors" &
    recorder=$!
    until [[ -S $scratch/socket ]]; do
        kill -0 "$recorder" || { cat "$scratch/errors" >&2; exit 1; }
    done
    # shellcheck disable=SC2086 # no option or one
    "$load" --socket "$scratch/socket" --processes "$processes" --messages "$messages" --ask $latency >"$scratch/load"
    kill -TERM "$recorder"
    wait "$recorder"
    recorder=
    python3 - "$scratch" <<'PYTHON'
import json, re, statistics, sys
load = json.load(open(sys.argv[1] + "/load"))
errors = open(sys.argv[1] + "/errors").read()
recorded = int(re.search(r"recorded ([\d,]+) message", errors).group(1).replace(",", ""))
asked = len(load["processes"])
missing = re.search(r"([\d,]+) messages? are missing", errors)
unprinted = re.search(r"([\d,]+) lines? were not printed", errors)
count = lambda found: int(found.group(1).replace(",", "")) if found else 0
of = lambda key: statistics.median(p.get(key, 0) for p in load["processes"])
print("%d %d %d %d %d" % (load["messagesPerSecond"], of("medianNs"), of("percentile99Ns"),
                          load["messages"] + asked - recorded + count(missing), count(unprinted)))
PYTHON
}

row() {
    local name=$1 latency=$2 best=()
    shift 2
    local results=()
    for ((i = 0; i < rounds; ++i)); do
        results+=("$(run "$latency" "$@")")
        printf '%s: %s\n' "$name" "${results[-1]}" >&2
    done
    mapfile -t results < <(printf '%s\n' "${results[@]}" | sort -n)
    read -r -a best <<<"${results[$((rounds / 2))]}"
    local lost
    lost=$(printf '%s\n' "${results[@]}" | awk '{ sum += $4 } END { print sum }')
    local send='' slowest=''
    if [[ -n $latency ]]; then
        send=$(awk "BEGIN { printf \"%.2f µs\", ${best[1]} / 1000 }")
        slowest=$(awk "BEGIN { printf \"%.1f µs\", ${best[2]} / 1000 }")
    fi
    printf '| %s | %s | %s | %s | %s |\n' "$name" "$(sed -E ':a; s/([0-9])([0-9]{3})($|,)/\1,\2\3/; ta' <<<"${best[0]}")" "$send" "$slowest" "$lost"
    [[ $lost -eq 0 ]]
}

printf '%s processes, %s messages each, %s rounds; %s, %s cores, %s\n\n' "$processes" "$messages" "$rounds" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(date +%F)"
printf '| | messages/s | a send, median | 99 %% | lost in all rounds |\n|---|---|---|---|---|\n'
outcome=0
row 'recording' '' || outcome=1
row 'recording, sends measured' --latency || outcome=1
row 'recording and `--echo` to a file' '' --echo || outcome=1
row 'the same, sends measured' --latency --echo || outcome=1
exit "$outcome"
