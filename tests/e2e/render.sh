#!/usr/bin/env bash
# usage: render.sh PROGRAM    what PROGRAM (gatehouse-agent) renders, against a real API server
#
# 1. Every object of our golden pairs is accepted, unknown fields refused.
# 2. What the API server refuses because of our CRDs, render refuses too, and the other way round.
# 3. Every leaf that the existing operator leaves in a cluster is there: ../shared/goldens/compare.py, beside the clone (or
#    $GATEHOUSE_SHARED). Needs python3-yaml. Exit 77, with the reason: something is not here.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$1
shared=${GATEHOUSE_SHARED:-$root/../shared}
realParts=$root/tests/real-parts/kube
skip() { echo "skipped: $*"; exit 77; }

python3 -c 'import yaml' 2> /dev/null || skip "python3-yaml is not installed"
[ -d "$shared/real-parts/crds/ai-gateway-1.1" ] || skip "the CRDs of AI Gateway are not here ($shared/real-parts/crds); they cannot be had from a registry"

folder=$(mktemp -d)
trap '"$realParts/down.sh" "$folder"; rm -rf "$folder"' EXIT
trap 'exit 143' INT TERM
# Three ports in a row that nobody listens on.
port=$(python3 - <<'PY'
import random, socket
while True:
    port = random.randrange(20000, 32000)
    try:
        for offset in range(3):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port + offset))
        print(port)
        break
    except OSError:
        pass
PY
)
"$realParts/up.sh" "$folder" "$port" || { code=$?; [ $code = 77 ] && skip "the Kubernetes programs are not here"; exit $code; }
"$realParts/crds.sh" "$folder/kubeconfig" "$shared/real-parts/crds/ai-gateway-1.1" "$shared/real-parts/crds/prometheus" || {
    code=$?
    [ $code = 77 ] && skip "a CRD cannot be had, see above"
    exit $code
}

python3 "$root/tests/e2e/accepted.py" --kubeconfig "$folder/kubeconfig" "$root"/tests/agent/kubernetes_objects/golden/*/expected.yaml
python3 "$root/tests/e2e/refused.py" --kubeconfig "$folder/kubeconfig" --agent "$program" \
    --settings "$root/tests/agent/kubernetes_objects/golden/served-plain/settings.env"
[ -f "$shared/goldens/compare.py" ] || skip "the objects of the existing operator are not here ($shared/goldens)"
python3 "$shared/goldens/compare.py" --kubeconfig "$folder/kubeconfig" --agent "$program"
