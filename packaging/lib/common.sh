# Shared by the scripts of packaging/ and tests/; source it. It needs bash and sets nothing but functions and $root.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# die SENTENCE: ends the script; the sentence names the thing and the mend.
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

note() { printf '    %s\n' "$*"; }

# needFreeSpace DIR MIB WHAT: DIR need not exist yet.
needFreeSpace() {
    local dir=$1 need=$2 what=$3 free
    while [ ! -d "$dir" ]; do dir=$(dirname "$dir"); done
    free=$(df -Pm "$dir" | awk 'NR == 2 {print $4}')
    [ "$free" -ge "$need" ] || die "$what needs $need MiB free on the disk of $1, which has $free MiB; free some space, or pick another folder."
}

# readList FILE…: the package names of the lists, without comments.
readList() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@"; }

# ensurePackages LIST…: installs what the lists name and this machine lacks; root is asked for only then.
ensurePackages() {
    local list files=() missing=() name
    for list in "$@"; do files+=("$root/packaging/debian-packages/$list.txt"); done
    command -v dpkg-query >/dev/null ||
        die "this is no Debian system; install the equivalents of $(printf '%s ' "${files[@]#"$root"/}")and build with 'cmake --workflow --preset release'."
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' 2>/dev/null | sed -n 's/^ii *//p' | sort -u)
    while read -r name; do
        grep -qxF "$name" <<<"$installed" || missing+=("$name")
    done < <(readList "${files[@]}" | sort -u)
    if [ ${#missing[@]} -eq 0 ]; then
        note "all packages are installed"
        return
    fi
    local asRoot=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "these packages are missing and sudo is not there to install them; as root run: apt-get install ${missing[*]}"
        note "sudo is used for apt-get, and for nothing else"
        asRoot=(sudo)
    fi
    note "installing ${#missing[@]} packages: ${missing[*]}"
    local log
    log=$(mktemp)
    # The lists of a machine that has not updated for long name files that are gone, hence the update first.
    if ! { "${asRoot[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        "${asRoot[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        die "apt-get could not install the packages (its last lines are above); this needs Debian 12 with its 'main' repository reachable and about 2 GB on /, then run the same command again."
    fi
    rm -f "$log"
}

# installWheel PROJECT VERSION SHA256 DIR: unpacks one wheel of PyPI into DIR, all or nothing; no other hash is accepted.
installWheel() {
    local project=$1 version=$2 hash=$3 dir=$4 work
    work=$(mktemp -d) || die "no temporary folder could be made; set TMPDIR to a folder with 500 MiB free."
    printf '%s==%s --hash=sha256:%s\n' "$project" "$version" "$hash" >"$work/requirements.txt"
    mkdir -p "$(dirname "$dir")"
    if ! { python3 -m venv "$work/venv" &&
        "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-input --no-deps --only-binary :all: --no-compile \
            --require-hashes --target "$work/tree" -r "$work/requirements.txt"; } >"$work/log" 2>&1 </dev/null; then
        tail -n 5 "$work/log" >&2
        rm -rf "$work"
        return 1
    fi
    rm -rf "$dir.new" && mv "$work/tree" "$dir.new" && rm -rf "$dir" && mv "$dir.new" "$dir"
    rm -rf "$work"
}
