# Sourced by obtain.sh and env.sh: where each part lies in the cache. A part's folder is named by its version, so a new pin never meets an old file.
source "$(dirname "${BASH_SOURCE[0]}")/../../packaging/lib/common.sh"
source "$root/packaging/lib/envoy.sh"
source "$root/tests/real-parts/versions.env"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/gatehouse/real-parts
kubeSources=$root/tests/real-parts/kube
kubeKey=$(cat "$kubeSources"/{main.go,go.mod,go.sum} | sha256sum | cut -c1-12)

envoyPath=$(envoyCache)/$ENVOY_MEMBER
goPath=$cache/go-$GO_VERSION
kubePath=$cache/kube-$KUBE_VERSION-$kubeKey/kube
kubectlPath=$cache/kube-$KUBE_VERSION-$kubeKey/kubectl
cosignPath=$cache/cosign-$COSIGN_VERSION/cosign
