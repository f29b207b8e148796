#!/usr/bin/env python3
"""The agent of one host, started as a user starts it, in front of stand-in model servers, with a real Envoy.

usage: standalone.py --agent PROGRAM SCENARIO
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

from host import Host, wait_for


def first_run(host):
    """Starts on an empty folder, serves nobody, keeps its secrets to itself, ends on SIGTERM."""
    host.start()
    assert host.ask(None)[0] == 401 and host.ask("sk-" + "x" * 32)[0] == 401
    for path in host.data.rglob("*"):
        mode = path.stat().st_mode & 0o777
        public = path.suffix in (".crt", ".pub")
        assert public or mode & 0o077 == 0, f"{path} has mode {mode:o}"
    for name in ("token", "kubeconfig", "signing-key.pem", "agent.json"):
        assert (host.data / name).stat().st_mode & 0o777 == 0o600, name
    token = (host.data / "token").read_text()
    started = time.monotonic()
    assert host.stop() == 0
    assert time.monotonic() - started < 10, "SIGTERM must end it within ten seconds"
    assert token not in (host.folder / "agent.log").read_text()


def answers(host):
    """200 with the key, 401 without, 403 with another model's key, 404 after authentication, own models only."""
    host.start()
    host.serve_both()
    a, b = host.mint("org/a"), host.mint("org/b")
    assert host.ask(a, "org/a")[0] == 200 and host.ask(b, "org/b")[0] == 200
    assert host.ask(a, "org/b")[0] == 403 and host.ask(b, "org/a")[0] == 403
    assert host.ask(a, "org/none")[0] == 403, "an unknown model answers as a foreign one"
    for key in (None, "", a[:-1], a + "x", a.swapcase()):
        assert host.ask(key)[0] == 401, "a wrong key was taken"
    assert host.ask(None, path="/nowhere")[0] == 401 and host.ask(a, path="/nowhere")[0] == 404
    connection = host.connection()
    connection.request("GET", "/v1/models", headers={"Authorization": "Bearer " + a})
    listed = json.loads(connection.getresponse().read())
    assert [model["id"] for model in listed["data"]] == ["org/a"], listed
    line = wait_for("the access log has the request", lambda: [
        entry for entry in map(json.loads, (host.data / "logs/access.log").read_text().splitlines())
        if entry["status"] == 200 and entry["model"] == "org/a"])[0]
    assert line["tenant_id"] == "alice" and line["input_tokens"] and line["output_tokens"], line
    assert a not in (host.data / "logs/access.log").read_text()


def keys(host):
    """A key works when mint returns and is refused when revoke returns, on a connection that stays open."""
    host.start()
    host.serve_both()
    steady = host.connection()
    kept = host.mint("org/a", "steady")
    assert host.ask(kept, connection=steady)[0] == 200
    for round_ in range(5):
        key = host.mint("a", f"user{round_}", "--expires", "30d")
        assert host.ask(key, connection=steady)[0] == 200, "minted, but not taken"
        client = [entry for entry in host.keys() if entry["spec"]["owner"] == f"user{round_}"][0]["metadata"]["name"]
        host.command("keys", "revoke", client)
        assert host.ask(key, connection=steady)[0] == 401, "revoked, but still taken"
        assert host.ask(kept, connection=steady)[0] == 200
    assert host.command("keys", "revoke", client, expect=1).stderr.count("\n") == 1
    old = host.mint("org/a", "rotator")
    client = [entry for entry in host.keys() if entry["spec"]["owner"] == "rotator"][0]["metadata"]["name"]
    file = host.folder / "rotated"
    host.command("keys", "rotate", client, "--grace", "2s", "--key-file", file)
    assert host.ask(file.read_text().strip())[0] == 200 and host.ask(old)[0] == 200
    wait_for("the old key ends with its grace", lambda: host.ask(old)[0] == 401, 6)
    assert host.ask(file.read_text().strip())[0] == 200
    stored = b"".join(path.read_bytes() for path in (host.data / "store").rglob("*") if path.is_file())
    for key in (kept, old):
        assert key.encode() not in stored, "a key stands in the store"


def bad_input(host):
    """One sentence that names the thing and the mend, exit code 1 (2 for usage), nothing changed."""
    host.start()
    host.serve_both()
    key = host.mint("org/a")
    before = host.command("get", "llmmodels", "-o", "json").stdout
    manifest = host.manifest
    bad = {
        "unknown field": (manifest("c", "org/c", spec__modle={"name": "x"}), "modle"),
        "wrong type": (manifest("c", "org/c", spec__resources__gpu__count="many"), "count"),
        "dotted name": (manifest("llama-3.1", "org/c"), "llama-3.1"),
        "digit first": (manifest("70b-chat", "org/c"), "70b-chat"),
        "negative gpus": (manifest("c", "org/c", spec__resources__gpu__count=-1), "count"),
        "empty size": (manifest("c", "org/c", spec__model__storage={"type": "pvc", "size": ""}), "size"),
        "same model id": (manifest("c", "org/a"), "org/a"),
        "alias bomb": ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "alias"),
        "10 MB": (manifest("c", "org/c", metadata__annotations={"x": "y" * 10_000_000}), "bytes"),
        "no YAML": ("{", "line"),
        "unknown kind": ('{"apiVersion": "v9", "kind": "Thing", "metadata": {"name": "x"}}', "Thing"),
    }
    for name, (text, word) in bad.items():
        # A good object first: everything is checked before anything is written.
        result = host.apply(manifest("good", "org/good") + "\n---\n" + text, expect=None)
        assert result.returncode == 1, f"{name}: exit code {result.returncode}: {result.stdout}{result.stderr}"
        said = result.stderr.strip()
        assert word.lower() in said.lower() and said.count("\n") == 0 and len(said) < 600, f"{name}: {said[:500]}"
    assert host.command("get", "llmmodels", "-o", "json").stdout == before
    assert host.ask(key)[0] == 200
    host.command("apply", expect=2)
    host.command("keys", "mint", "--model", "org/none", "--owner", "x", expect=1)
    second = subprocess.run([host.agent, "standalone", "--data", str(host.data), "--port", str(host.port), "--envoy", host.envoy],
                            capture_output=True, text=True, timeout=30)
    assert second.returncode == 1 and str(host.running.pid) in second.stderr, second.stderr
    taken = subprocess.run([host.agent, "standalone", "--data", str(host.folder / "other"), "--port", str(host.port),
                            "--envoy", host.envoy], capture_output=True, text=True, timeout=30)
    assert taken.returncode == 1 and str(host.port) in taken.stderr, taken.stderr
    missing = subprocess.run([host.agent, "standalone", "--data", str(host.folder / "other"), "--envoy", "/no/envoy"],
                             capture_output=True, text=True, timeout=30)
    assert missing.returncode == 1 and "/no/envoy" in missing.stderr, missing.stderr
    old = host.folder / "old-envoy"
    old.write_text("#!/bin/sh\necho 'envoy  version: 0000/1.20.0/Clean/RELEASE/BoringSSL'\n")
    old.chmod(0o755)
    outdated = subprocess.run([host.agent, "standalone", "--data", str(host.folder / "other"), "--envoy", str(old)],
                              capture_output=True, text=True, timeout=30)
    assert outdated.returncode == 1 and "1.20.0" in outdated.stderr and "1.38" in outdated.stderr, outdated.stderr
    token = host.folder / "wrong-token"
    token.write_text("wrong" * 10)
    token.chmod(0o600)
    refused = subprocess.run([host.agent, "get", "llmmodels", "--server", f"https://127.0.0.1:{host.port + 1}", "--ca",
                              str(host.data / "tls/ca.crt"), "--token-file", str(token)], capture_output=True, text=True, timeout=30)
    assert refused.returncode == 1 and "token" in refused.stderr and "wrongwrong" not in refused.stderr, refused.stderr
    assert host.ask(key)[0] == 200


def second_start(host):
    """Everything is there again after a stop; a model that is deleted takes its keys along."""
    host.start()
    host.serve_both()
    key = host.mint("org/a")
    identity = (host.data / "tls/ca.crt").read_bytes(), (host.data / "token").read_text()
    assert host.stop() == 0
    host.start()
    wait_for("the key works again", lambda: host.ask(key)[0] == 200)
    assert identity == ((host.data / "tls/ca.crt").read_bytes(), (host.data / "token").read_text())
    host.command("delete", "llmmodel", "a")
    wait_for("the key is refused", lambda: host.ask(key)[0] == 401)
    assert [entry for entry in host.keys() if entry["spec"]["model"] == "a"] == []
    host.apply(host.manifest("a", "org/a"))
    wait_for("the model is back", lambda: host.phase("a") == "Ready")
    assert host.ask(key)[0] == 401, "a key of a deleted model came back with its namesake"


def killed(host):
    """kill -9 of the agent at random moments of its work, and of Envoy: no key lost, none doubled, nothing open."""
    host.start()
    host.serve_both()
    chance = random.Random(7)
    known = {}
    for round_ in range(6):
        minting = subprocess.Popen([host.agent, "keys", "mint", "--model", "org/a", "--owner", f"u{round_}", "--key-file",
                                    str(host.folder / f"k{round_}"), "--data", str(host.data)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, 0.12))
        host.kill()
        code = minting.wait(60)
        host.start()
        if code == 0:
            known[f"u{round_}"] = (host.folder / f"k{round_}").read_text().strip()
        owners = [entry["spec"]["owner"] for entry in host.keys()]
        assert len(owners) == len(set(owners)), f"a key is there twice: {owners}"
        for owner, key in known.items():
            assert owner in owners, f"the key of {owner} is lost"
            wait_for(f"the key of {owner} works", lambda: host.ask(key)[0] == 200)
        assert host.ask(None)[0] == 401
    before = host.installation()["gateway"]
    os.kill(before["pid"], signal.SIGKILL)
    key = host.mint("org/a", "after")

    def back():
        try:
            return host.ask(key)[0] == 200
        except OSError:
            return False
    wait_for("Envoy is back", back, 15)
    assert host.installation()["gateway"]["pid"] != before["pid"]
    assert host.ask(None)[0] == 401


def packs(host):
    """export writes a pack that verify accepts, and refuses after any change."""
    host.start()
    host.serve_both()
    host.mint("org/a")
    pack = host.folder / "pack"
    host.command("evidence", "export", "--out", pack)
    key = host.data / "signing-key.pem.pub"
    host.command("evidence", "verify", pack, "--key", key)
    date = time.strftime("%Y-%m-%d", time.gmtime())
    for name in (f"endpoint-inventory-{date}.md", f"gateway-auth-config-{date}.json", f"denied-request-sample-{date}.txt"):
        assert (pack / name).exists() or list(pack.glob(name[:-13] + "*")), name
    everything = b"".join(path.read_bytes() for path in pack.rglob("*") if path.is_file())
    for secret in (host.upstream_key.read_bytes(), (host.data / "token").read_bytes()):
        assert secret not in everything, "a secret stands in the pack"
    chance = random.Random(3)
    files = sorted(path for path in pack.rglob("*") if path.is_file())
    for path in [pack / "manifest.json", pack / "attestation.sigstore.json"] + chance.sample(files, 12):
        good = path.read_bytes()
        if not good:
            continue
        at = chance.randrange(len(good))
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
        result = host.command("evidence", "verify", pack, "--key", key, expect=3)
        assert path.name in result.stdout + result.stderr or "manifest" in result.stdout + result.stderr
        path.write_bytes(good)
    victim = chance.choice(files)
    moved = host.folder / "moved"
    shutil.move(victim, moved)
    host.command("evidence", "verify", pack, "--key", key, expect=3)
    victim.symlink_to(moved)
    host.command("evidence", "verify", pack, "--key", key, expect=3)
    victim.unlink()
    shutil.move(moved, victim)
    (pack / "extra.txt").write_text("x")
    host.command("evidence", "verify", pack, "--key", key, expect=3)
    (pack / "extra.txt").unlink()
    host.command("evidence", "verify", pack, "--key", key)
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", host.folder / "k.pem"], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", host.folder / "k.pem", "-pubout", "-out", host.folder / "k.pub"], check=True)
    host.command("evidence", "verify", pack, "--key", host.folder / "k.pub", expect=3)


def probe_run(host):
    """A run can be watched and cancelled, keeps what it found, and an open model server is found."""
    host.start()
    host.serve_both()
    run = {"apiVersion": "gatehouse.dev/v1alpha1", "kind": "ProbeRun", "metadata": {"name": "slow", "namespace": "default"},
           "spec": {"ratePerEndpoint": 2}}
    host.apply(json.dumps(run))
    status = lambda name: json.loads(host.command("get", "proberun", name, "-o", "json").stdout).get("status", {})
    wait_for("the run goes on", lambda: status("slow").get("phase") == "Running" and status("slow").get("done", 0) > 3)
    run["spec"]["cancelled"] = True
    host.apply(json.dumps(run))
    wait_for("the run is cancelled", lambda: status("slow").get("phase") == "Cancelled", 15)
    assert sum(status("slow")["verdicts"].values()) > 0, "what was found is kept"
    plain = host.folder / "plain"
    open_port = host.port + 2
    host.processes[0].kill()
    host.processes[0].wait()
    host.processes[0] = subprocess.Popen(["python3", str(pathlib.Path(__file__).resolve().parents[2] / "packaging/demo/model_server.py"),
                                          "--port", str(open_port), "--model", "org/a"], stdout=subprocess.DEVNULL)
    del plain
    wait_for("the model answers again", lambda: host.phase("a") == "Ready")
    result = host.command("evidence", "export", "--out", host.folder / "pack", expect=3)
    assert "FAILED" in result.stdout + result.stderr, result.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    scenarios = {work.__name__: work for work in
                 (first_run, answers, keys, bad_input, second_start, killed, packs, probe_run)}
    parser.add_argument("--agent", required=True)
    parser.add_argument("scenario", choices=scenarios)
    arguments = parser.parse_args()
    with Host(arguments.agent) as host:
        scenarios[arguments.scenario](host)
    print("ok")


if __name__ == "__main__":
    main()
