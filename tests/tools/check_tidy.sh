#!/usr/bin/env bash
# usage: check_tidy.sh [FOLDER…]    clang-tidy-16 over the sources below the folders; default: those of tidy_scope.txt
set -euo pipefail
source "$(dirname "$0")/../../packaging/lib/common.sh"
cd "$root"
[ $# -gt 0 ] || mapfile -t folders < <(readList tests/tools/tidy_scope.txt)
[ $# -eq 0 ] || folders=("$@")
# One entry per source is needed, which a unity build does not give: configured here, not built.
cmake --preset dev -B build/tidy >build/tidy.log 2>&1 || die "cmake could not configure; see build/tidy.log."
mapfile -t sources < <(git ls-files "${folders[@]/%//*.cpp}")
[ ${#sources[@]} -gt 0 ] || die "there are no sources in ${folders[*]}."
started=$SECONDS
printf '%s\0' "${sources[@]}" | nice xargs -0 -P "$(nproc)" -n 1 clang-tidy-16 -p build/tidy --quiet 2>build/tidy.log ||
    die "clang-tidy has findings; they are above."
note "${#sources[@]} files, $((SECONDS - started)) s"
