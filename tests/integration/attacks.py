#!/usr/bin/env python3
"""What a hostile colleague, client or model server tried on the agent of one host, kept so that it stays refused.

usage: attacks.py --agent PROGRAM SCENARIO          (docs/security/attacks-2026-11.md lists them)
"""

import argparse
import hashlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import time

from host import Host, wait_for

MODELS = "/apis/llm.nebari.dev/v1alpha1/namespaces/default/llmmodels"
MERGE = "application/merge-patch+json"


def api(host, method, path, body=None, kind="application/json"):
    connection = http.client.HTTPSConnection("127.0.0.1", host.port + 1, context=host.context(), timeout=60)
    headers = {"Authorization": "Bearer " + (host.data / "token").read_text().strip(), "Content-Type": kind}
    connection.request(method, path, body if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, text


class Paused:
    """Envoy stands still, so that what the agent does meanwhile takes as long as the test likes."""

    def __init__(self, host):
        self.pid = host.installation()["gateway"]["pid"]

    def __enter__(self):
        os.kill(self.pid, signal.SIGSTOP)

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGCONT)


def stripped_finalizer(host):
    """A model is deleted behind the controller's back and made again: the keys of the old one stay closed."""
    host.start()
    host.serve_both()
    key, kept = host.mint("org/a"), host.mint("org/b")
    with Paused(host):
        host.upstream_ports["org/c"] = host.upstream_ports["org/a"]
        host.apply(host.manifest("c", "org/c"))
        time.sleep(0.3)  # a pass is under way that knows nothing of what follows
        assert api(host, "DELETE", MODELS + "/a")[0] == 200
        assert api(host, "PATCH", MODELS + "/a", {"metadata": {"finalizers": None}}, MERGE)[0] == 200
        host.apply(host.manifest("a", "org/a"))
    wait_for("the new model is ready", lambda: host.phase("a") == "Ready")
    wait_for("the old key is refused", lambda: host.ask(key)[0] == 401)
    assert host.ask(kept, "org/b")[0] == 200
    assert host.ask(host.mint("org/a", "bob"))[0] == 200 and host.ask(key)[0] == 401


def one_bad_model(host):
    """A model whose credential is not there hurts itself only: others get ready, get keys, and go."""
    host.start()
    host.serve_both()
    bad = json.loads(host.manifest("bad", "org/bad"))
    bad["metadata"]["annotations"]["gatehouse.dev/upstream-secret"] = "nowhere"
    host.apply(json.dumps(bad))
    wait_for("it says what is wrong", lambda: "nowhere" in host.command("get", "llmmodel", "bad", "-o", "json").stdout)
    host.upstream_ports["org/good"] = host.upstream_ports["org/a"]
    host.apply(host.manifest("good", "org/good"))
    wait_for("the good model is ready", lambda: host.phase("good") == "Ready")
    assert host.phase("a") == "Ready" and host.phase("bad") != "Ready"
    host.mint("org/good")
    host.command("keys", "mint", "--model", "org/bad", "--owner", "x", expect=1)
    host.command("delete", "llmmodel", "b")
    wait_for("another model can go", lambda: host.phase("b") is None)
    bad["metadata"]["annotations"]["gatehouse.dev/upstream-secret"] = "upstream"
    host.apply(json.dumps(bad))
    wait_for("a mended model is served", lambda: host.mint("org/bad"))


def hung_gateway(host):
    """A rotation that cannot be enforced leaves the old key as it was."""
    host.start()
    host.serve_both()
    key = host.mint("org/a", "rotator")
    client = host.keys()[0]["metadata"]["name"]
    with Paused(host):
        host.command("keys", "rotate", client, expect=1)
        host.command("keys", "rotate", client, "--grace", "1h", expect=1)
    wait_for("the old key still works", lambda: host.ask(key)[0] == 200)
    states = [(entry["metadata"]["name"], entry["status"]["state"]) for entry in host.keys()]
    assert states == [(client, "Active")], states


def pack_chain(host):
    """Packs in a row form one chain, whatever happens to objects, folders and the gateway; nothing signed is removed."""
    host.start()
    packs = "/apis/gatehouse.dev/v1alpha1/namespaces/default/evidencepacks"
    folders = lambda: sorted(path for path in (host.data / "packs").iterdir() if path.is_dir())

    def made(number, hurt=None):
        out = host.folder / f"pack-{number}"
        if hurt is None:
            host.command("evidence", "export", "--out", out, expect=None)
        else:
            export = subprocess.Popen([host.agent, "evidence", "export", "--out", str(out), "--data", str(host.data)],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            hurt()
            export.wait(120)
        host.command("evidence", "verify", out, "--key", host.data / "signing-key.pem.pub")
        return json.loads((out / "chain.json").read_text()), hashlib.sha256((out / "manifest.json").read_bytes()).hexdigest()

    chain, digest = made(1)
    assert chain["sequence"] == 1 and chain["previous"] is None, chain
    chain, second = made(2)
    assert chain["sequence"] == 2 and chain["previous"]["manifestSha256"] == digest, chain
    names = [entry["metadata"]["name"] for entry in json.loads(api(host, "GET", packs)[1])["items"]]
    before = folders()
    for name in names:
        for status in (None, {"phase": "Pending"}, {"phase": "Completed", "madeAt": "9999-01-01T00:00:00Z"}):
            assert api(host, "PATCH", f"{packs}/{name}/status", {"status": status}, MERGE)[0] == 403
        assert api(host, "DELETE", f"{packs}/{name}")[0] == 200
    assert folders() == before, "a pack went with its object"
    shutil.rmtree(before[0])

    def kill_envoy():
        time.sleep(1)
        os.kill(host.installation()["gateway"]["pid"], signal.SIGKILL)
    chain, third = made(3, kill_envoy)
    assert chain["sequence"] == 3 and chain["previous"]["manifestSha256"] == second, chain
    assert host.stop() == 0
    host.start()
    chain, _ = made(4)
    assert chain["sequence"] == 4 and chain["previous"]["manifestSha256"] == third, chain


def many_runs(host):
    """Finished probe runs do not pile up: the newest fifty stay, with their reports, and the others take theirs along."""
    host.start()
    runs = "/apis/gatehouse.dev/v1alpha1/namespaces/default/proberuns"
    order = {"apiVersion": "gatehouse.dev/v1alpha1", "kind": "ProbeRun", "metadata": {"generateName": "r-"}, "spec": {}}
    listed = lambda: json.loads(api(host, "GET", runs)[1])["items"]
    phases = lambda: {run.get("status", {}).get("phase") for run in listed()}
    assert api(host, "POST", runs, order)[0] == 201
    wait_for("a first run is made", lambda: phases() == {"Completed"}, 60)
    (first,) = (host.data / "runs/default").iterdir()
    time.sleep(1)  # ages are kept in whole seconds
    order["spec"]["cancelled"] = True
    for _ in range(60):
        assert api(host, "POST", runs, order)[0] == 201
    wait_for("fifty are kept", lambda: len(listed()) == 50 and phases() == {"Cancelled"})
    wait_for("the report of the first is gone", lambda: not first.exists())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    scenarios = {work.__name__: work for work in (stripped_finalizer, one_bad_model, hung_gateway, pack_chain, many_runs)}
    parser.add_argument("--agent", required=True)
    parser.add_argument("scenario", choices=scenarios)
    arguments = parser.parse_args()
    with Host(arguments.agent) as host:
        scenarios[arguments.scenario](host)
    print("ok")


if __name__ == "__main__":
    main()
