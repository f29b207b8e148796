# Sourced after common.sh: programs that go on in the background, each known by a pid file. A pid is believed only while the
# process of that number still carries WORD on its command line, since numbers are used again.

# isRunning PIDFILE WORD
isRunning() {
    local pid
    [ -f "$1" ] && pid=$(cat "$1") && [[ $pid =~ ^[0-9]+$ ]] &&
        tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$2"
} 2>/dev/null

# startInBackground PIDFILE LOG COMMAND…: in a session of its own, so that closing the terminal does not end it.
startInBackground() {
    local pidFile=$1 log=$2
    shift 2
    setsid "$@" >>"$log" 2>&1 </dev/null 9>&- &
    printf '%s\n' $! >"$pidFile"
}

# stopProcess PIDFILE WORD SECONDS WHAT: asks, waits, and ends by force what does not go.
stopProcess() {
    local pidFile=$1 word=$2 seconds=$3 what=$4 pid
    if isRunning "$pidFile" "$word"; then
        pid=$(cat "$pidFile")
        kill -TERM "$pid" 2>/dev/null || true
        for ((i = 0; i < seconds * 10; i++)); do
            isRunning "$pidFile" "$word" || break
            sleep 0.1
        done
        if isRunning "$pidFile" "$word"; then
            kill -KILL "$pid" 2>/dev/null || true
            note "$what did not end within $seconds s and was killed"
        else
            note "$what has ended"
        fi
    fi
    rm -f "$pidFile"
}

# portHolder PORT: who listens there, in words; nothing when nobody does.
portHolder() {
    local line
    line=$(ss -Hltnp "sport = :$1" 2>/dev/null | head -n 1)
    [ -n "$line" ] || return 0
    sed -nE 's/.*users:\(\("([^"]+)",pid=([0-9]+).*/\1 (process \2)/p; t; s/.*/another program/p' <<<"$line"
}
