#!/usr/bin/env bash
# usage: run_fuzz.sh [SECONDS]    builds the fuzzers and runs each for its share of SECONDS (default 150, all together).
# What is found lies in build/fuzz/findings; put it below tests/fuzz/seeds/<Name>/ once it is mended.
set -euo pipefail
source "$(dirname "$0")/../../packaging/lib/common.sh"
source "$root/tests/tools/stages.sh"
cd "$root"
total=${1:-150}
buildPreset fuzz fuzzers
mapfile -t sources < <(cd tests/fuzz && ls ./*Fuzz.cpp)
share=$((total / ${#sources[@]}))
mkdir -p build/fuzz/findings
runFuzzer() {
    local name=$1 corpus=build/fuzz/corpus/$1
    mkdir -p "$corpus" "tests/fuzz/seeds/$name"
    "build/fuzz/bin/$name" -max_total_time="$share" -timeout=5 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/findings/$name-" "$corpus" "tests/fuzz/seeds/$name" >"build/fuzz/$name.log" 2>&1
}
export -f runFuzzer
export share
printf '%s\n' "${sources[@]}" | sed 's#^\./##; s#\.cpp$##' | nice xargs -P "$jobs" -I{} bash -c 'runFuzzer {} || { tail -n 40 build/fuzz/{}.log; echo "{} found something"; exit 255; }' ||
    die "a fuzzer found something; its output is above, the input lies in build/fuzz/findings."
for log in build/fuzz/*Fuzz.log; do
    note "$(basename "$log" .log): $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
done
