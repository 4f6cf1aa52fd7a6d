#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs clang-tidy over the sources, all of them or those whose path matches one of the given regular expressions
# (scripts/tidy.sh core/query). It is slow, and so not a part of ./test.sh unless ALLOCLENS_TIDY=1.

set -euo pipefail

# What clang-tidy finds changes from version to version; .clang-tidy is written for 14, so that one is preferred.
program() {
    command -v "$1-14" || command -v "$1"
}

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
scripts/setup.sh tidy

jobs=$(nproc)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if ! cmake --preset tidy >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
# Sources include what moc writes, so that has to be there before they are read.
mapfile -t generators < <(ninja -C build/tidy -t targets all | sed -nE 's/^([A-Za-z0-9_-]+_autogen): phony$/\1/p')
if [[ ${#generators[@]} -gt 0 ]] &&
    ! cmake --build --preset tidy --parallel "$jobs" --target "${generators[@]}" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi

patterns=("$@")
if [[ ${#patterns[@]} -eq 0 ]]; then
    patterns=(core importers app)
fi
root=$(pwd)
patterns=("${patterns[@]/#/^$root/}")

outcome=0
"$(program run-clang-tidy)" -quiet -p build/tidy -j "$jobs" -clang-tidy-binary "$(program clang-tidy)" \
    "${patterns[@]}" >"$log" 2>&1 || outcome=$?
# Without colours, the commands that were run, and the count of what other people's headers would have given.
sed -E 's/\x1b\[[0-9;]*m//g' "$log" | grep -vE '^(/\S*clang-tidy\S* |[0-9]+ warnings? (generated|treated)|$)' || true
if ! grep -q 'clang-tidy' "$log"; then
    printf 'clang-tidy checked no file.\n' >&2
    exit 1
fi
if [[ $outcome -eq 0 ]]; then
    printf 'clang-tidy has nothing to say.\n'
fi
exit "$outcome"
