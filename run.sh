#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds AllocLens where needed and opens a log with it. Without a display it prints the findings and writes the
# timeline as a picture instead.

set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: ./run.sh [FILE]

Installs what is missing, builds AllocLens, and opens FILE (a sample log if none is given).

With a display the window opens. Without one the findings are printed, and the timeline is written to
alloclens-timeline.png in the current directory.

Exit status: 0 done, 1 the build or the program failed, 2 the command line is wrong, 3 FILE cannot be read.
TEXT
}

refuse() {
    printf 'run.sh: %s\n' "$2" >&2
    exit "$1"
}

# Runs a command without its output, unless it fails.
quietly() {
    local log=$1
    shift
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        refuse 1 "this step failed: $*"
    fi
}

build() {
    cd "$root"
    export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
    mkdir -p build
    if [[ ! -x $window || ! -x $command_line ]]; then
        printf 'Building AllocLens; the first time this takes some minutes ...\n' >&2
    fi
    if [[ ! -f build/release/build.ninja ]]; then
        quietly build/run.log cmake --preset release
    fi
    quietly build/run.log cmake --build --preset release --target alloclens alloclens-cli
}

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
readonly root
readonly window=$root/build/release/app/gui/alloclens
readonly command_line=$root/build/release/app/cli/alloclens-cli
readonly picture=alloclens-timeline.png

case ${1:-} in
    -h | --help)
        usage
        exit 0
        ;;
    --) shift ;;
    -*) refuse 2 "unknown option $1; ./run.sh --help tells what there is." ;;
esac
if [[ $# -gt 1 ]]; then
    refuse 2 "one file at a time, please; got $#."
fi

file=${1:-$root/resources/samples/reference.log}
if [[ $file == -* ]]; then
    file=./$file
fi
if [[ ! -e $file ]]; then
    refuse 3 "there is no file \"$file\"."
elif [[ -d $file ]]; then
    refuse 3 "\"$file\" is a directory; name a log in it."
elif [[ ! -r $file ]]; then
    refuse 3 "\"$file\" cannot be read: permission denied."
fi

"$root/scripts/setup.sh" run
(build)

if [[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} ]]; then
    exec "$window" "$file"
fi

"$command_line" findings "$file"
QT_QPA_PLATFORM=offscreen "$window" --export-timeline "$picture" "$file" >&2
printf '\nThere is no display, so the timeline was written as a picture: %s\n' "$PWD/$picture"
