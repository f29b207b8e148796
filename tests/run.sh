#!/usr/bin/env bash
# usage: tests/run.sh [LABEL…]    installs, builds and runs the tests; default: unit architecture integration e2e, all that this machine can.
# Each skipped test is shown with its reason. Ends with ctest's own closing lines and exit code.
#
# GATEHOUSE_JOBS    how many compilers and tests run at once (default: the processors)
set -euo pipefail
source "$(dirname "$0")/../packaging/lib/common.sh"
source "$root/tests/tools/stages.sh"
cd "$root"

case ${1:-} in
    -h | --help)
        sed -n '2,5s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    -*) die "there is no option '$1'; say test labels, or nothing for all." ;;
esac
[ $# -gt 0 ] || set -- unit architecture integration e2e
for label in "$@"; do
    [[ $label =~ ^[a-z0-9_]+$ ]] || die "'$label' is no test label; labels are unit, architecture, integration, e2e and bench."
done

stage "Debian packages"
ensurePackages build run test
needFreeSpace "$root" 4000 "a build with tests"

if [[ " $* " =~ \ (integration|e2e|bench)\  ]]; then
    stage "real parts: Envoy and the Kubernetes programs, built beside our own build at low priority"
    startRealParts
fi

stage "build (preset ci)"
buildPreset ci

if [ -n "${realPartsPid:-}" ]; then
    stage "real parts: waiting for what is still being built"
    awaitRealParts
fi

stage "tests: $*"
runTests ci "$@"
