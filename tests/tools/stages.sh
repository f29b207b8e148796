# Sourced by tests/run.sh and .ci/run, after packaging/lib/common.sh: the steps both are made of.
jobs=${GATEHOUSE_JOBS:-$(nproc)}
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
stagesStarted=$SECONDS

stage() { printf '\n==> [%4d s] %s\n' $((SECONDS - stagesStarted)) "$*"; }

# buildPreset PRESET [TARGET…]: configures and builds; quiet unless something is wrong.
buildPreset() {
    local preset=$1 log="$root/build/$1.log"
    shift
    mkdir -p "$root/build"
    if ! cmake --preset "$preset" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        die "cmake could not configure preset '$preset'; its last lines are above, all of them in $log."
    fi
    if ! cmake --build --preset "$preset" --parallel "$jobs" ${1:+--target "$@"} >"$log" 2>&1; then
        grep -nE -A8 'error|FAILED|undefined|multiple definition' "$log" | head -n 80 >&2
        die "preset '$preset' does not build; the first errors are above, all of the output in $log."
    fi
    note "$(grep -c ' warning: ' "$log" || true) warnings, $(grep -cE '^\[[0-9]+/[0-9]+\]' "$log" || true) steps"
}

# startRealParts, awaitRealParts: they are fetched and built in the background while we compile. A part that cannot be had is no failure here:
# the tests that need it are skipped and say so.
startRealParts() {
    realPartsLog=$root/build/real-parts.log
    mkdir -p "$root/build"
    nice -n 19 "$root/tests/real-parts/obtain.sh" envoy kube >"$realPartsLog" 2>&1 </dev/null &
    realPartsPid=$!
    trap 'kill "$realPartsPid" 2>/dev/null || true' EXIT
}

awaitRealParts() {
    if ! wait "$realPartsPid"; then
        note "not all could be had; tests that need what is missing are skipped. The last lines of $realPartsLog:"
        tail -n 5 "$realPartsLog"
    fi
    trap - EXIT
    source "$root/tests/real-parts/env.sh"
    note "Envoy: ${GATEHOUSE_ENVOY:-none}"
    note "Kubernetes: ${GATEHOUSE_KUBE:-none}"
}

# runTests PRESET LABEL…: ctest, its closing lines last; returns its exit code. More arguments for ctest come from ctestArguments.
runTests() {
    local preset=$1 labels report="$root/build/$1/ctest.xml"
    shift
    labels=$(printf '|^%s$' "$@")
    set +e
    (cd "$root/build/$preset" && exec ctest --output-on-failure --no-tests=error --parallel "$jobs" --label-regex "${labels#|}" \
        --output-junit "$report" "${ctestArguments[@]}") </dev/null 2>&1 | python3 "$root/tests/tools/show_skips.py" "$report"
    local code=${PIPESTATUS[0]}
    set -e
    return "$code"
}
ctestArguments=()

# runQuietly PRESET LABEL…: shows the output only where a test fails, and then ends the script.
runQuietly() {
    local preset=$1 log="$root/build/$1.tests.log"
    if ! runTests "$@" >"$log"; then
        grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test .* Passed)' "$log" | head -n 300 >&2
        die "tests of preset '$preset' fail; their output is above."
    fi
    note "$(grep -E '^[0-9]+% tests passed' "$log")"
}
