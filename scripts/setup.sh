#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what AllocLens needs from the distribution's own packages, and nothing that is already there.
# With nothing missing it only asks dpkg for a list, which takes a few milliseconds.

set -euo pipefail

readonly kMinimumQt=6.4

usage() {
    cat <<'TEXT'
Usage: scripts/setup.sh [run | test | tidy | package]

  run      what it takes to build and start AllocLens (the default)
  test     the same, and what ./test.sh needs
  tidy     the same as run, and what scripts/tidy.sh needs
  package  the same as run, and what cpack needs to make a .deb

On Debian 12, Ubuntu 24.04 and their successors missing packages are installed with apt-get. Elsewhere, or
without permission to install, set ALLOCLENS_SKIP_SETUP=1 after installing them another way.
TEXT
}

# A package that has two names, depending on the release, is written first|second; the first one that is to be
# had is taken, and either one counts as installed.
packages_for() {
    local packages=(
        g++ cmake ninja-build ccache 'pkgconf|pkg-config'
        qt6-base-dev qt6-base-dev-tools 'qt6-svg-dev|libqt6svg6-dev' 'qt6-svg-plugins|libqt6svg6' qt6-qpa-plugins
        libgl-dev libqcustomplot-dev fonts-dejavu-core
        nlohmann-json3-dev libcli11-dev libfmt-dev libre2-dev libzstd-dev zlib1g-dev
        liblzma-dev libbz2-dev liblz4-dev
    )
    # A desktop with Wayland alone has no X server to fall back to.
    if [[ -n ${WAYLAND_DISPLAY:-} && -z ${DISPLAY:-} ]]; then
        packages+=(qt6-wayland)
    fi
    case $1 in
        run) ;;
        test)
            packages+=(
                libgtest-dev libgmock-dev libbenchmark-dev
                clang 'libclang-rt-dev|libclang-rt-14-dev|libclang-common-14-dev' 'clang-format-14|clang-format'
                valgrind xvfb xauth gzip zstd desktop-file-utils appstream shared-mime-info libxml2-utils
            )
            ;;
        tidy) packages+=(clang 'clang-tidy-14|clang-tidy' libgtest-dev libgmock-dev libbenchmark-dev valgrind) ;;
        package) packages+=(dpkg-dev file) ;;
    esac
    printf '%s\n' "${packages[@]}"
}

programs_for() {
    local programs=(cmake ninja c++ pkg-config)
    case $1 in
        test) programs+=(clang++ clang-format valgrind) ;;
        tidy) programs+=(clang++ clang-tidy run-clang-tidy) ;;
        package) programs+=(cpack) ;;
    esac
    printf '%s\n' "${programs[@]}"
}

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# Entries of which no alternative is installed.
# shellcheck disable=SC2016 # dpkg-query expands ${Package}, not the shell
missing_of() {
    local -A installed=()
    local package status entry name found
    while read -r package status; do
        if [[ $status == installed ]]; then
            installed[$package]=1
        fi
    done < <(printf '%s\n' "$@" | tr '|' '\n' | LC_ALL=C xargs dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null)
    for entry in "$@"; do
        found=
        for name in ${entry//|/ }; do
            found=${found}${installed[$name]:-}
        done
        if [[ -z $found ]]; then
            printf '%s\n' "$entry"
        fi
    done
}

# The version that apt would install, or nothing.
candidate_of() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -nE 's/^ +Candidate: ([^(].*)$/\1/p'
}

install_missing() {
    local as_root=() entry name chosen version
    local names=()
    if [[ $(id -u) -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            fail "these packages are missing, and there is neither root nor sudo to install them:
  ${*}
Ask an administrator to run:  apt-get install --no-install-recommends ${*%%|*}"
        fi
        as_root=(sudo)
    fi

    printf 'setup: installing %d missing packages ...\n' "$#" >&2
    # A mirror that fails here may still have been read earlier: the installation decides.
    "${as_root[@]}" apt-get update -q >"$log" 2>&1 || cat "$log" >&2

    for entry in "$@"; do
        chosen=
        for name in ${entry//|/ }; do
            if [[ -z $chosen && -n $(candidate_of "$name") ]]; then
                chosen=$name
            fi
        done
        if [[ $entry == qt6-base-dev ]]; then
            version=$(candidate_of qt6-base-dev)
            if [[ -z $version ]] || dpkg --compare-versions "$version" lt "$kMinimumQt"; then
                fail "AllocLens needs Qt $kMinimumQt or newer (Debian 12, Ubuntu 24.04); this system offers ${version:-none}."
            fi
        fi
        if [[ -z $chosen ]]; then
            fail "apt knows no package ${entry//|/ or }. On Ubuntu, enable the \"universe\" component and try again."
        fi
        names+=("$chosen")
    done

    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${names[@]}" >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        fail "apt-get could not install: ${names[*]}"
    fi
}

require_programs() {
    local program absent=()
    while read -r program; do
        if ! command -v "$program" >/dev/null; then
            absent+=("$program")
        fi
    done < <(programs_for "$1")
    if [[ ${#absent[@]} -gt 0 ]]; then
        fail "ALLOCLENS_SKIP_SETUP is set, and these programs are missing: ${absent[*]}"
    fi
}

main() {
    local mode=${1:-run}
    case $mode in
        run | test | tidy | package) ;;
        -h | --help)
            usage
            return
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac

    if [[ ${ALLOCLENS_SKIP_SETUP:-} == 1 ]]; then
        require_programs "$mode"
        return
    fi

    local wanted missing
    mapfile -t wanted < <(packages_for "$mode")
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        fail "this system has no apt-get. Install the equivalents of these Debian packages, then set ALLOCLENS_SKIP_SETUP=1:
  ${wanted[*]}"
    fi
    mapfile -t missing < <(missing_of "${wanted[@]}")
    if [[ ${#missing[@]} -gt 0 ]]; then
        log=$(mktemp)
        trap 'rm -f "$log"' EXIT
        install_missing "${missing[@]}"
    fi
}

main "$@"
