#!/usr/bin/env bash
# usage: crds.sh KUBECONFIG [DIR…]    installs the CRDs that our generated objects need, and our own
#
# Gateway API, inference extension, cert-manager and Envoy Gateway come out of their Go modules, pinned in versions.env. DIR: folders
# with more CRDs (AI Gateway and PodMonitor cannot be had that way). Exit 77, with the reason: something cannot be had here.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../env.sh"
export KUBECONFIG=$1
shift
kubectl=${GATEHOUSE_KUBECTL:-$(command -v kubectl || true)}
go=$(command -v go || find "${goPath:-/nonexistent}" -path '*/bin/go' -type f 2> /dev/null | head -n 1 || true)
skip() { echo "$*" >&2; exit 77; }
[ -n "$kubectl" ] || skip "kubectl is not here: run tests/real-parts/obtain.sh kube"
[ -n "$go" ] || skip "the go command is not here: run tests/real-parts/obtain.sh kube"

moduleFolder() { # MODULE@VERSION
    local answer
    answer=$(cd "${TMPDIR:-/tmp}" && GOFLAGS=-mod=mod "$go" mod download -json "$1" 2> /dev/null) || skip "the Go module $1 cannot be had"
    sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p' <<< "$answer"
}

install() { # FILE…    server-side, because some are larger than an annotation may be
    local file
    # Helm's conditions stand on lines of their own in some of them.
    for file in "$@"; do
        sed '/{{/d' "$file"
        printf '\n---\n'
    done | "$kubectl" apply --server-side --force-conflicts -f - > /dev/null
}

install "$here"/../../../resources/crds/*.yaml
folder=$(moduleFolder "$GATEWAY_API")
install "$folder"/config/crd/standard/*.yaml
folder=$(moduleFolder "$INFERENCE_EXTENSION")
install "$folder"/config/crd/bases/*.yaml
folder=$(moduleFolder "$CERT_MANAGER")
install "$folder"/deploy/crds/*certificates.yaml
folder=$(moduleFolder "$ENVOY_GATEWAY")
install "$folder"/charts/gateway-crds-helm/templates/generated/*.yaml
for folder in "$@"; do
    install "$folder"/*.yaml
done
for _ in $(seq 100); do
    "$kubectl" wait --for=condition=Established crd --all --timeout=30s > /dev/null 2>&1 && exit 0
    sleep 0.2
done
echo "the CRDs did not get established" >&2
exit 1
