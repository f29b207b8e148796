#!/usr/bin/env bash
# Every source is as clang-format-16 writes it. Mend: git ls-files '*.cpp' '*.h' | xargs clang-format-16 -i
set -euo pipefail
source "$(dirname "$0")/../../packaging/lib/common.sh"
cd "$root"
mapfile -t sources < <(git ls-files '*.cpp' '*.h')
[ ${#sources[@]} -gt 0 ] || die "git lists no sources here; run this in a checkout."
printf '%s\0' "${sources[@]}" | xargs -0 -P "$(nproc)" -n 40 clang-format-16 --dry-run --Werror --ferror-limit=1 ||
    die "some files are not formatted; run: git ls-files '*.cpp' '*.h' | xargs clang-format-16 -i"
note "${#sources[@]} files are formatted"
