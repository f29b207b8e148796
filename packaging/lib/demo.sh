# Sourced by the quickstart after common.sh and processes.sh: the stand-in model servers and the example models of packaging/demo.
# The stand-ins take the ports after the admin API's, so that several installations can stand side by side on one host.

# demoModels: "NAME MODEL_ID PORT" of each example model.
demoModels() {
    local manifest next=$((port + 2))
    for manifest in "$root"/packaging/demo/models/*.yaml; do
        printf '%s %s %d\n' "$(sed -nE 's/^  name: *//p' "$manifest" | head -n 1)" "$(sed -nE 's/^    name: *//p' "$manifest" | head -n 1)" "$next"
        next=$((next + 1))
    done
}

# demoManifests: writes the example models, with the ports of their stand-ins, into the data folder and prints their paths.
demoManifests() {
    local name id number
    mkdir -p "$data/models"
    while read -r name id number; do
        sed -E "s#(gatehouse.dev/upstream: *http://127\.0\.0\.1:)[0-9]+#\1$number#" "$root/packaging/demo/models/$name.yaml" >"$data/models/$name.yaml"
        printf '%s\n' "$data/models/$name.yaml"
    done < <(demoModels)
}

# The key that the stand-ins ask for and the gateway sends them, so that nobody on this host gets past the gateway.
demoUpstreamKey() { printf '%s' "$data/keys/demo-upstream"; }

ensureDemoUpstreamKey() {
    [ -s "$(demoUpstreamKey)" ] || (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$(demoUpstreamKey)")
}

# demoUpstreamSecret: the Secret of that key, as YAML on stdout; to be piped, so that it stands on no command line.
demoUpstreamSecret() {
    printf 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: demo-upstream\n  namespace: default\nstringData:\n  apiKey: "%s"\n' "$(cat "$(demoUpstreamKey)")"
}

# isStandInOf PORT MODEL_ID: whether a stand-in for that model answers there, to this installation's key.
isStandInOf() {
    sed 's/^/Authorization: Bearer /' "$(demoUpstreamKey)" |
        curl -s --max-time 2 -i -H @- "http://127.0.0.1:$1/v1/models" 2>/dev/null | tr -d '\r' | awk -v id="\"$2\"" '
        tolower($0) ~ /^x-stand-in:/ {standIn = 1}
        index($0, id) {model = 1}
        END {exit !(standIn && model)}'
}

startDemoServers() {
    local name id number holder
    ensureDemoUpstreamKey
    while read -r name id number; do
        if isStandInOf "$number" "$id"; then
            note "$id: answers already on 127.0.0.1:$number"
            continue
        fi
        holder=$(portHolder "$number")
        [ -z "$holder" ] || die "port $number, on which the stand-in for $id listens, is in use by $holder; end it and run this again."
        startInBackground "$data/demo-$name.pid" "$data/log/demo-$name.log" \
            python3 "$root/packaging/demo/model_server.py" --port "$number" --model "$id" --api-key-file "$(demoUpstreamKey)"
        for ((i = 0; i < 100; i++)); do
            isStandInOf "$number" "$id" && break
            sleep 0.1
        done
        isStandInOf "$number" "$id" || die "the stand-in for $id did not start; its words are in $data/log/demo-$name.log."
        note "$id: started on 127.0.0.1:$number"
    done < <(demoModels)
}

stopDemoServers() {
    local name id number
    while read -r name id number; do
        stopProcess "$data/demo-$name.pid" "model_server.py --port $number" 5 "the stand-in for $id"
    done < <(demoModels)
}
