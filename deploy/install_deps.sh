#!/usr/bin/env bash
# Prepares a bare Debian 12: only packages of the distribution, nothing that is already there, no service started.
#   deploy/install_deps.sh [run|test|full|bench]…      (default: run)
#   run    builds and runs the gateway          test   adds what deploy/test needs
#   full   adds what deploy/test --full needs   bench  adds the proxies that bench/rivals compares with
set -euo pipefail

# A package, or package=command where another package (or none) may have brought the command.
run=(g++ cmake ninja-build=ninja ccache
    libboost1.81-dev libboost-program-options1.81-dev libsimdjson-dev libfmt-dev libssl-dev zlib1g-dev
    libbrotli-dev libzstd-dev ca-certificates curl=curl)
test=("${run[@]}" libboost-test1.81-dev clang-format-14=clang-format-14 python3=python3 python3-venv python3-pip
    nodejs=node npm=npm openssl=openssl strace=strace valgrind=valgrind)
full=("${test[@]}" clang-14=clang++-14 libclang-rt-14-dev clang-tidy-14=clang-tidy-14 llvm-14=llvm-symbolizer-14)
bench=("${run[@]}" nginx=nginx haproxy=haproxy python3=python3)

is_present() {
    local package=${1%%=*} command=${1#*=}
    if [[ $1 == *=* ]] && PATH=$PATH:/usr/sbin command -v "$command" >/dev/null; then return 0; fi
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]]
}

missing=()
for group in "${@:-run}"; do
    case $group in
    run | test | full | bench) ;;
    *) echo "install_deps.sh: unknown group '$group' (run, test, full, bench)" >&2 && exit 2 ;;
    esac
    declare -n wanted=$group
    for entry in "${wanted[@]}"; do
        [[ " ${missing[*]} " == *" ${entry%%=*} "* ]] || is_present "$entry" || missing+=("${entry%%=*}")
    done
done
((${#missing[@]})) || exit 0

echo "installing ${#missing[@]} packages: ${missing[*]}"
if ! command -v apt-get >/dev/null; then
    echo "install_deps.sh: no apt-get here. Spillway is built on Debian 12; elsewhere install these by hand." >&2
    exit 1
fi
. /etc/os-release
if [[ ${ID:-} != debian || ${VERSION_ID:-} != 12 ]]; then
    echo "note: this is ${PRETTY_NAME:-an unknown system}; the package names are those of Debian 12"
fi
as_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null || { echo "install_deps.sh: run me as root, or install sudo" >&2 && exit 1; }
    as_root=(sudo)
fi

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null
}

# Debian starts a service as soon as it is installed; this file forbids it while we install.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
    "${as_root[@]}" chmod +x $policy
    trap '"${as_root[@]}" rm -f $policy' EXIT
fi

echo "  reading package lists"
apt update
echo "  downloading and unpacking"
log=$(mktemp)
if ! apt install --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "install_deps.sh: apt-get could not install the packages" >&2
    exit 1
fi
rm -f "$log"
echo "  done"
