#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes a large log, always the same, and measures how long alloclens-cli takes from file to findings, beside programs
# that everybody has: wc, grep, and a Python script that parses with regular expressions. Prints a page of Markdown for
# docs/performance.md.
# shellcheck disable=SC2016 # backquotes in single quotes are Markdown

set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: scripts/benchmark.sh [--events N] [--rounds N] [--full] [--keep]

  --events N   how many events the log has, about (27000000, which gives 2 GB)
  --rounds N   how often everything is run; medians are printed (5)
  --full       give the Python script the whole log, not a tenth of it
  --keep       leave the logs there, so that the next run need not make them

The logs go to alloclens-benchmark in TMPDIR (else /tmp). Builds what it needs in build/release and build/ci.
Progress goes to standard error, the result to standard output. Everything runs with the logs in the page cache,
one round after the other, so that what else the machine does touches all rows alike.

Exit status: 0 done, 1 something failed, 2 the command line is wrong.
TEXT
}

fail() {
    printf 'benchmark: %s\n' "$*" >&2
    exit 1
}

wrong_usage() {
    printf 'benchmark: %s\n' "$*" >&2
    usage >&2
    exit 2
}

say() {
    printf 'benchmark: %s\n' "$*" >&2
}

# A whole number above zero, or the end.
number() {
    [[ $2 =~ ^[1-9][0-9]{0,11}$ ]] || wrong_usage "$1 wants a number above 0, not \"$2\"."
    printf '%s' "$2"
}

# Runs a command without its output, unless it fails; what that means comes first.
quietly() {
    local meaning=$1
    shift
    if ! "$@" >"$scratch/output" 2>&1; then
        cat "$scratch/output" >&2
        fail "$meaning"
    fi
}

build() {
    local preset=$1 target=$2
    if [[ ! -f build/$preset/build.ninja ]]; then
        quietly "$preset cannot be configured." cmake --preset "$preset"
    fi
    quietly "$target cannot be built." cmake --build --preset "$preset" --target "$target"
}

bytes_of() {
    stat -c %s "$1"
}

# The log of so many events. What lies there is taken if it is what would be made: the same options, the same
# generator, the same size.
make_log() {
    local path=$1 count=$2 options stamp
    options="--generation G2 --seed 3 --events $count --foreign"
    stamp="$options generator $(cksum <"$generator")"
    if [[ -f $path && -f $path.stamp && $(<"$path.stamp") == "$stamp $(bytes_of "$path")" ]]; then
        return
    fi
    say "making $path ($count events) ..."
    rm -f "$path.stamp"
    # shellcheck disable=SC2086 # the options are words
    "$generator" $options --out "$path" || fail "the log cannot be made."
    printf '%s %s\n' "$stamp" "$(bytes_of "$path")" >"$path.stamp"
}

check_disk() {
    # 77 bytes an event; the log, a quarter, a tenth, that compressed twice and unpacked once.
    local need=$((events * 77 * 16 / 10 / 1024)) free
    free=$(df -Pk "$folder" | awk 'NR == 2 { print $4 }')
    if [[ -f $log && -f $log.stamp ]]; then
        need=$((need / 2))
    fi
    if [[ $free -lt $need ]]; then
        fail "$folder has $((free / 1024)) MiB free, and the logs need $((need / 1024)); set TMPDIR to another folder, or try --events 2700000."
    fi
}

# Runs a command and notes its time and memory under a name.
measure() {
    local name=$1 line
    shift
    line=$(python3 "$root/tests/bench/run_timed.py" "$@") || fail "this could not be measured: $*"
    printf '%s\t%s\n' "$name" "$line" >>"$times"
}

# The median of a column (2 seconds, 3 bytes) of the runs with a name.
median() {
    awk -F '\t' -v name="$1" -v column="$2" '$1 == name { print $column }' "$times" | sort -g |
        awk '{ value[NR] = $1 } END { print (value[int((NR + 1) / 2)] + value[int((NR + 2) / 2)]) / 2 }'
}

# Arithmetic with points: calculate '%.1f' '2.5 / 2'
calculate() {
    awk "BEGIN { printf \"$1\", $2 }"
}

event_total() {
    "$cli" summary --json "$1" | python3 -c 'import json, sys; print(json.load(sys.stdin)["events"]["total"])'
}

run_rounds() {
    local round
    for ((round = 1; round <= rounds; ++round)); do
        say "round $round of $rounds ..."
        measure wc wc -l "$log"
        measure grep grep -c 'unknown buffer' "$log"
        measure summary "$cli" summary "$log"
        measure summary1 "$cli" summary --threads 1 "$log"
        measure quarter "$cli" summary "$quarter"
        measure re python3 "$root/tests/bench/parse_with_re.py" "$re_log"
        measure tenth "$cli" summary "$tenth"
        measure gz "$cli" summary "$tenth.gz"
        measure gz_wc bash -c 'gzip -dc "$1" | wc -l' bash "$tenth.gz"
        measure zst "$cli" summary "$tenth.zst"
        measure zst_wc bash -c 'zstd -dcq "$1" | wc -l' bash "$tenth.zst"
    done
}

# "| what | seconds | MB/s | times wc -l |" for a run over a file of so many bytes.
print_row() {
    local what=$1 name=$2 bytes=$3 base=$4 seconds
    seconds=$(median "$name" 2)
    printf '| %s | %s | %s | %s |\n' "$what" "$(calculate %.3f "$seconds")" \
        "$(calculate %.0f "$bytes / 1e6 / $seconds")" "$(calculate %.1f "$seconds / $base")"
}

print_machine() {
    local system=unknown
    if [[ -r /etc/os-release ]]; then
        # shellcheck disable=SC1091 # not a part of the project
        system=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-unknown}")
    fi
    printf -- '- %s, %d cores, %d GiB of memory\n' "$(lscpu | sed -nE 's/^Model name: +//p' | head -n 1)" "$(nproc)" \
        "$(awk '/^MemTotal/ { print int($2 / 1048576 + 0.5) }' /proc/meminfo)"
    printf -- '- %s, Linux %s, %s, %s\n' "$system" "$(uname -r)" "$(c++ --version | head -n 1)" "$(python3 --version)"
    printf -- '- AllocLens %s%s, %s, medians of %d rounds\n' "$("$cli" --version | awk 'NR == 1 { print $NF }')" \
        "$(git describe --always --dirty 2>/dev/null | sed 's/^/ at /' || true)" "$(date -u +%Y-%m-%d)" "$rounds"
}

print_result() {
    local bytes wc summary summary1 re tenth_bytes re_bytes total quarter_total
    bytes=$(bytes_of "$log")
    tenth_bytes=$(bytes_of "$tenth")
    re_bytes=$(bytes_of "$re_log")
    wc=$(median wc 2)
    summary=$(median summary 2)
    summary1=$(median summary1 2)
    re=$(calculate %.3f "$(median re 2) * $bytes / $re_bytes")
    total=$(event_total "$log")
    quarter_total=$(event_total "$quarter")

    print_machine
    printf '\n%s events, %s MB of text:\n\n' "$total" "$((bytes / 1000000))"
    printf '| | seconds | MB/s | times `wc -l` |\n|---|---|---|---|\n'
    print_row '`wc -l`' wc "$bytes" "$wc"
    print_row '`grep -c`' grep "$bytes" "$wc"
    print_row '`alloclens-cli summary`' summary "$bytes" "$wc"
    print_row '`alloclens-cli summary --threads 1`' summary1 "$bytes" "$wc"
    printf '| Python `re`, parsing alone%s | %s | %s | %s |\n' \
        "$([[ $re_log == "$log" ]] || printf ' (a tenth, times %s)' "$(calculate %.2f "$bytes / $re_bytes")")" \
        "$(calculate %.1f "$re")" "$(calculate %.0f "$bytes / 1e6 / $re")" "$(calculate %.0f "$re / $wc")"

    printf '\n| | |\n|---|---|\n'
    printf '| `summary` / `wc -l` | %s |\n' "$(calculate %.1f "$summary / $wc")"
    printf '| Python `re` / `summary` | %s |\n' "$(calculate %.0f "$re / $summary")"
    printf '| Python `re` / `summary --threads 1` | %s |\n' "$(calculate %.0f "$re / $summary1")"
    printf '| peak memory of `summary` | %s MB, %s bytes an event |\n' "$(calculate %.0f "$(median summary 3) / 1e6")" \
        "$(calculate %.1f "$(median summary 3) / $total")"
    printf '| the same with `--threads 1` | %s MB, %s bytes an event |\n' \
        "$(calculate %.0f "$(median summary1 3) / 1e6")" "$(calculate %.1f "$(median summary1 3) / $total")"
    printf '| growth: %s times the events take | %s times as long |\n' "$(calculate %.2f "$total / $quarter_total")" \
        "$(calculate %.2f "$summary / $(median quarter 2)")"

    printf '\nCompressed, a log of %s MB; MB/s of text:\n\n' "$((tenth_bytes / 1000000))"
    printf '| | seconds | MB/s | times plain |\n|---|---|---|---|\n'
    local plain
    plain=$(median tenth 2)
    print_row '`summary log`' tenth "$tenth_bytes" "$plain"
    print_row '`summary log.gz`' gz "$tenth_bytes" "$plain"
    print_row '`gzip -dc log.gz \| wc -l`' gz_wc "$tenth_bytes" "$plain"
    print_row '`summary log.zst`' zst "$tenth_bytes" "$plain"
    print_row '`zstd -dc log.zst \| wc -l`' zst_wc "$tenth_bytes" "$plain"
}

events=27000000
rounds=5
full=
keep=
while [[ $# -gt 0 ]]; do
    case $1 in
        --events | --rounds)
            [[ $# -ge 2 ]] || wrong_usage "$1 wants a number."
            if [[ $1 == --events ]]; then events=$(number "$1" "$2"); else rounds=$(number "$1" "$2"); fi
            shift
            ;;
        --full) full=1 ;;
        --keep) keep=1 ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) wrong_usage "unknown option $1." ;;
    esac
    shift
done

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
readonly root
cd "$root"
export LC_ALL=C
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
for program in cmake python3 gzip zstd awk lscpu; do
    command -v "$program" >/dev/null || fail "$program is missing; scripts/setup.sh test installs what is needed."
done

readonly folder=${TMPDIR:-/tmp}/alloclens-benchmark
readonly log=$folder/$events.log
readonly quarter=$folder/$((events / 4)).log
readonly tenth=$folder/$events.tenth.log
readonly cli=$root/build/release/app/cli/alloclens-cli
readonly generator=$root/build/ci/tests/generator/alloclens-generate
re_log=$tenth
if [[ -n $full ]]; then
    re_log=$log
fi
[[ $events -ge 1000 ]] || wrong_usage "--events wants 1000 at least."

mkdir -p "$folder" || fail "the folder $folder cannot be made."
scratch=$(mktemp -d)
clean() {
    rm -rf "$scratch"
    rm -f "$tenth" "$tenth.gz" "$tenth.zst"
    if [[ -z $keep ]]; then
        rm -f "$log" "$log.stamp" "$quarter" "$quarter.stamp"
        rmdir --ignore-fail-on-non-empty "$folder"
    fi
}
trap clean EXIT
times=$scratch/times

check_disk
say "building ..."
build release alloclens-cli
build ci alloclens-generate
make_log "$log" "$events"
make_log "$quarter" $((events / 4))
head -n $(($(wc -l <"$log") / 10)) "$log" >"$tenth"
gzip -c "$tenth" >"$tenth.gz"
zstd -cq "$tenth" >"$tenth.zst"
cat "$log" "$quarter" "$tenth" "$tenth.gz" "$tenth.zst" >/dev/null
run_rounds
print_result
