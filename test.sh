#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Everything that must hold before a change is merged, in the order of how soon it tells something. Every part
# runs even if one before it failed; the last lines name what failed, and sum the tests of both ctest runs.

set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: ./test.sh [quick]

  quick   only the tests of the ci build: no sanitizers, no fuzzing, no checks of the sources

Environment: ALLOCLENS_TIDY=1 adds clang-tidy (slow), ALLOCLENS_FUZZ_SECONDS sets how long each fuzz target runs
(20), ALLOCLENS_SKIP_SETUP=1 installs nothing.

The last line reads "N passed, N failed". Exit status: 0 if all parts passed, 1 if not, 2 for a wrong command line.
TEXT
}

passed=0
failed=0
skipped=0
failed_parts=()
failed_tests=()

# Runs one part under a heading and remembers if it failed. Errexit is off inside: parts chain with &&.
part() {
    local title=$1
    shift
    printf '\n=== %s ===\n' "$title"
    if ! "$@"; then
        failed_parts+=("$title")
        printf -- '--- failed: %s\n' "$title"
    fi
}

configure_and_build() {
    local preset=$1
    shift
    cmake --preset "$preset" && cmake --build --preset "$preset" "$@"
}

# Adds the counts that ctest itself printed. A run without a summary, or with no test in it, is a failure.
# ctest counts skipped tests as passed; here they are neither.
count_tests() {
    local log=$1 run_failed run_total run_skipped
    read -r run_failed run_total < <(sed -nE 's/^.* ([0-9]+) tests? failed out of ([0-9]+).*$/\1 \2/p' "$log" | tail -n 1) || true
    if [[ -z ${run_total:-} || $run_total -eq 0 ]]; then
        printf 'No test ran.\n'
        return 1
    fi
    run_skipped=$(grep -c '\*\*\*Skipped' "$log" || true)
    if [[ $run_skipped -ge $run_total ]]; then
        printf 'Every test was skipped.\n'
        return 1
    fi
    passed=$((passed + run_total - run_failed - run_skipped))
    failed=$((failed + run_failed))
    skipped=$((skipped + run_skipped))
}

# The list that ctest ends with, so that the last lines name what has to be looked at.
note_failed_tests() {
    local preset=$1 log=$2 name
    while IFS= read -r name; do
        failed_tests+=("$preset: $name")
    done < <(sed -nE '/^The following tests FAILED:/,$ s/^[[:space:]]+[0-9]+ - //p' "$log")
}

test_preset() {
    local preset=$1 log=$scratch/ctest-$1.log outcome=0
    configure_and_build "$preset" || return 1
    ctest --preset "$preset" --output-on-failure --parallel "$jobs" 2>&1 | tee "$log" || outcome=1
    count_tests "$log" || outcome=1
    note_failed_tests "$preset" "$log"
    return "$outcome"
}

# Inputs that the fuzzer finds go to a copy of the corpus; an input that breaks something is kept in the build.
fuzz() {
    local name=$1 corpus=$scratch/corpus/$1 log=$scratch/fuzz-$1.log seeds=tests/fuzz/corpus/$1
    local findings=build/asan/findings
    if [[ ! -d $seeds ]]; then
        printf 'There is no corpus in %s.\n' "$seeds"
        return 1
    fi
    mkdir -p "$corpus" "$findings"
    cp -R "$seeds/." "$corpus/"
    printf 'fuzz_%s, %s seconds ...\n' "$name" "$fuzz_seconds"
    if ! "build/asan/tests/fuzz/fuzz_$name" -max_total_time="$fuzz_seconds" -seed=1 -entropic=0 -print_final_stats=1 \
        -timeout=10 -artifact_prefix="$findings/$name-" "$corpus" >"$log" 2>&1; then
        tail -n 60 "$log"
        printf 'The input is in %s.\n' "$findings"
        return 1
    fi
    grep '^stat::' "$log"
    if ! grep -Eq '^stat::number_of_executed_units: +[1-9]' "$log"; then
        printf 'Not one input ran.\n'
        return 1
    fi
}

fuzz_all() {
    local outcome=0 name
    local -x UBSAN_OPTIONS=print_stacktrace=1
    configure_and_build asan --target fuzz_server_log fuzz_alloc_message fuzz_alens fuzz_filter fuzz_connection || return 1
    for name in server_log alloc_message alens filter connection; do
        fuzz "$name" || outcome=1
    done
    return "$outcome"
}

check_packaging() {
    local id=packaging/org.alloclens.AllocLens
    desktop-file-validate "$id.desktop" &&
        appstreamcli validate --no-net --no-color "$id.metainfo.xml" &&
        xmllint --noout "$id.mime.xml" resources/resources.qrc resources/icons/*.svg
}

# Another major version lays out the same code a little differently, so only the one that formatted it can judge.
check_format() {
    local formatter=clang-format sources=()
    if command -v clang-format-14 >/dev/null; then
        formatter=clang-format-14
    fi
    if [[ ! $("$formatter" --version) =~ version\ 14\. ]]; then
        printf 'Not checked: the sources are formatted with clang-format 14, and this is %s\n' "$("$formatter" --version)"
        return 0
    fi
    if git ls-files --error-unmatch CMakeLists.txt >/dev/null 2>&1; then
        mapfile -d '' -t sources < <(git ls-files -z -- '*.h' '*.cpp')
    else # a source archive
        mapfile -d '' -t sources < <(find core importers app tests \( -name '*.h' -o -name '*.cpp' \) -print0)
    fi
    if [[ ${#sources[@]} -eq 0 ]]; then
        printf 'No sources were found.\n'
        return 1
    fi
    "$formatter" --dry-run -Werror "${sources[@]}" && printf '%d files are formatted.\n' "${#sources[@]}"
}

quick=
case ${1:-} in
    '') ;;
    quick) quick=1 ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac
if [[ $# -gt 1 ]]; then
    usage >&2
    exit 2
fi

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
jobs=$(nproc)
fuzz_seconds=${ALLOCLENS_FUZZ_SECONDS:-20}
export CMAKE_BUILD_PARALLEL_LEVEL=$jobs

printf '=== Setup ===\n'
scripts/setup.sh test

part 'Tests' test_preset ci
if [[ -z $quick ]]; then
    part 'Tests with address and undefined-behaviour sanitizers' test_preset asan
    part 'Fuzzing' fuzz_all
    part 'Packaging files' check_packaging
    part 'Format' check_format
    if [[ ${ALLOCLENS_TIDY:-} == 1 ]]; then
        part 'clang-tidy' scripts/tidy.sh
    fi
fi

printf '\n=== Result ===\n'
if [[ $skipped -gt 0 ]]; then
    printf '%d skipped\n' "$skipped"
fi
for title in ${failed_parts[@]+"${failed_parts[@]}"}; do
    printf 'part failed: %s\n' "$title"
done
for name in ${failed_tests[@]+"${failed_tests[@]}"}; do
    printf 'test failed: %s\n' "$name"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[[ ${#failed_parts[@]} -eq 0 && $failed -eq 0 ]]
