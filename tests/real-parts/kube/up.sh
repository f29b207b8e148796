#!/usr/bin/env bash
# usage: up.sh DIR [PORT]    starts a real Kubernetes API on loopback (etcd, kube-apiserver, kube-controller-manager) with its state in DIR
#
# Uses PORT (default 26443) for the API and the two ports after it for etcd. Leaves DIR/kubeconfig (cluster admin) and
# DIR/kubeconfig-operator (cluster admin too; every write of this user is in DIR/audit.log, one JSON object a line).
# KUBE_CONTROLLERS: which controllers run (default: garbage collector and namespaces; no Deployment gets pods).
# Exit 77: the programs are not there. down.sh DIR ends what runs there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../env.sh"
[ $# -ge 1 ] || { echo "usage: up.sh DIR [PORT]" >&2; exit 2; }
folder=$1
port=${2:-26443}
controllers=${KUBE_CONTROLLERS:-garbage-collector-controller,namespace-controller}
[ -n "${GATEHOUSE_KUBE:-}" ] && [ -x "$GATEHOUSE_KUBE" ] || {
    echo "the Kubernetes programs are not here: run tests/real-parts/obtain.sh kube, or set GATEHOUSE_KUBE" >&2
    exit 77
}
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

makeCertificates() {
    openssl genrsa -out service-accounts.key 2048
    openssl rsa -in service-accounts.key -pubout -out service-accounts.pub
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 30 -subj "/CN=gatehouse test CA"
    openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=kube-apiserver
    printf 'subjectAltName=IP:127.0.0.1,IP:10.0.0.1,DNS:localhost,DNS:kubernetes.default.svc\n' > server.ext
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 30 -extfile server.ext
}

writeKubeconfig() { # FILE TOKEN
    cat > "$1" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://127.0.0.1:$port", certificate-authority-data: $(base64 -w0 ca.crt)}}]
users: [{name: test, user: {token: $2}}]
contexts: [{name: test, context: {cluster: test, user: test}}]
current-context: test
YAML
}

if [ ! -f tokens.csv ]; then
    makeCertificates 2> openssl.log || { cat openssl.log >&2; exit 1; }
    cat > audit-policy.yaml <<'YAML'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
  - {level: Metadata, users: [operator]}
  - {level: None}
YAML
    for user in admin operator; do
        token=$(openssl rand -hex 16)
        echo "$token" > "$user.token"
        echo "$token,$user,$user,system:masters" >> tokens.csv
    done
fi
writeKubeconfig kubeconfig "$(cat admin.token)"
writeKubeconfig kubeconfig-operator "$(cat operator.token)"

startPart() { # NAME ARGUMENT…
    local name=$1
    shift
    setsid "$GATEHOUSE_KUBE" "$name" "$@" > "$name.log" 2>&1 < /dev/null &
    echo $! > "$name.pid"
}

etcd=http://127.0.0.1:$((port + 1))
startPart etcd --data-dir etcd --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
    --listen-peer-urls "http://127.0.0.1:$((port + 2))" --unsafe-no-fsync --log-level error
startPart kube-apiserver --etcd-servers "$etcd" --secure-port "$port" --bind-address 127.0.0.1 --advertise-address 127.0.0.1 \
    --tls-cert-file server.crt --tls-private-key-file server.key --client-ca-file ca.crt --token-auth-file tokens.csv \
    --authorization-mode RBAC --service-cluster-ip-range 10.0.0.0/16 --disable-admission-plugins ServiceAccount \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file service-accounts.pub \
    --service-account-signing-key-file service-accounts.key --audit-policy-file audit-policy.yaml --audit-log-path audit.log

ready() {
    curl -fsS --max-time 2 --cacert ca.crt -H "Authorization: Bearer $(cat admin.token)" "https://127.0.0.1:$port/readyz" > /dev/null 2>&1
}
for _ in $(seq 300); do
    kill -0 "$(cat kube-apiserver.pid)" 2> /dev/null || break
    ready && break
    sleep 0.2
done
if ! ready; then
    echo "the API server did not get ready; the end of its log:" >&2
    tail -n 5 kube-apiserver.log etcd.log >&2
    "$here/down.sh" "$folder"
    exit 1
fi
startPart kube-controller-manager --kubeconfig kubeconfig --secure-port 0 --leader-elect=false --controllers="$controllers" \
    --service-account-private-key-file service-accounts.key --root-ca-file ca.crt
