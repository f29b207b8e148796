#!/usr/bin/env bash
# usage: down.sh DIR    ends what up.sh started in DIR and waits until it is gone; DIR stays
set -uo pipefail
for name in kube-controller-manager kube-apiserver etcd; do
    file=$1/$name.pid
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    # A number that another process has got since is left alone.
    if tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | grep -q -- " $name "; then
        kill "$pid" 2> /dev/null
        for _ in $(seq 100); do
            kill -0 "$pid" 2> /dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2> /dev/null
    fi
    rm -f "$file"
done
exit 0
