# Sourced by the quickstart after common.sh and processes.sh: the stand-in model servers and the example models of packaging/demo.
# One manifest holds one LLMModel, whose annotation names the port of its stand-in.
demoManifests() { find "$root/packaging/demo/models" -name '*.yaml' | sort; }

# demoModels: "NAME MODEL_ID PORT" of each example model.
demoModels() {
    local manifest
    while read -r manifest; do
        sed -nE 's/^  name: *//p; s/^    name: *//p; s#^ *gatehouse.dev/upstream: *http://127\.0\.0\.1:([0-9]+)$#port \1#p' "$manifest" |
            awk '$1 == "port" {port = $2; next} name == "" {name = $1; next} {id = $1} END {print name, id, port}'
    done < <(demoManifests)
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
    local name id port holder
    ensureDemoUpstreamKey
    while read -r name id port; do
        if isStandInOf "$port" "$id"; then
            note "$id: answers already on 127.0.0.1:$port"
            continue
        fi
        holder=$(portHolder "$port")
        [ -z "$holder" ] || die "port $port, on which the stand-in for $id listens, is in use by $holder; end it and run this again."
        startInBackground "$data/demo-$name.pid" "$data/log/demo-$name.log" \
            python3 "$root/packaging/demo/model_server.py" --port "$port" --model "$id" --api-key-file "$(demoUpstreamKey)"
        for ((i = 0; i < 100; i++)); do
            isStandInOf "$port" "$id" && break
            sleep 0.1
        done
        isStandInOf "$port" "$id" || die "the stand-in for $id did not start; its words are in $data/log/demo-$name.log."
        note "$id: started on 127.0.0.1:$port"
    done < <(demoModels)
}

stopDemoServers() {
    local name id port
    while read -r name id port; do
        stopProcess "$data/demo-$name.pid" "model_server.py --port $port" 5 "the stand-in for $id"
    done < <(demoModels)
}
