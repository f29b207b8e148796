#!/usr/bin/env bash
# Builds and runs, under ThreadSanitizer, the test suites whose name ends in "Tsan": those of the types that threads hand values over with.
# They use neither Qt nor SQLite, which are not instrumented and would drown what matters.
set -euo pipefail
source "$(dirname "$0")/../../packaging/lib/common.sh"
source "$root/tests/tools/stages.sh"
cd "$root"
mapfile -t targets < <(grep -rlE '^TEST(_F|_P)?\([A-Za-z]+Tsan,' tests --include='*.cpp' |
    sed -E 's#^tests/([^/]+)/([^/]+)/(.*)$#test-\1-\2 \3#; s#^([^ ]+) .*_integration\.cpp$#\1-integration#; s# .*##' | sort -u)
[ ${#targets[@]} -gt 0 ] || die "no test suite is named …Tsan; the check of the hand-over types is gone."
buildPreset tsan "${targets[@]}"
for target in "${targets[@]}"; do
    note "$target"
    TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1" "build/tsan/bin/$target" --gtest_filter='*Tsan.*' --gtest_brief=1 >"build/tsan/$target.log" 2>&1 || {
        tail -n 80 "build/tsan/$target.log" >&2
        die "$target fails under ThreadSanitizer; its output is above."
    }
done
