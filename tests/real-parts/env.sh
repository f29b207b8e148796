# Source it: exports GATEHOUSE_ENVOY, GATEHOUSE_KUBE, GATEHOUSE_KUBECTL and GATEHOUSE_COSIGN for the parts that obtain.sh has brought;
# what is set already stays, what is not there stays unset, and tests that need it say so and are skipped.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
offerPart() {
    if [ -z "${!1:-}" ] && [ -x "$2" ]; then export "$1=$2"; fi
}
offerPart GATEHOUSE_ENVOY "$envoyPath"
offerPart GATEHOUSE_KUBE "$kubePath"
offerPart GATEHOUSE_KUBECTL "$kubectlPath"
offerPart GATEHOUSE_COSIGN "$cosignPath"
unset -f offerPart
