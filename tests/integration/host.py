"""One host under test: a data folder, the agent, two stand-in model servers, and a client that speaks to the gateway."""

import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAND_IN = ROOT / "packaging/demo/model_server.py"


def find_envoy():
    path = os.environ.get("GATEHOUSE_ENVOY") or shutil.which("envoy")
    if not path:
        print("skipped: no Envoy; set GATEHOUSE_ENVOY or put envoy on PATH (tests/real-parts has a script)")
        sys.exit(77)
    return path


def free_ports(count):
    """Neighbouring free ports, the first of which is returned."""
    for first in range(21000 + os.getpid() % 4000 * 8, 60000, 7):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise RuntimeError("no free ports")


def wait_for(what, condition, patience=20.0):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {patience} s: {what}")


class Host:
    def __init__(self, agent):
        self.agent = agent
        self.envoy = find_envoy()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gh-", dir="/tmp"))  # short: socket paths are limited
        self.data = self.folder / "d"
        self.port = free_ports(4)
        self.upstream_ports = {"org/a": self.port + 2, "org/b": self.port + 3}
        self.processes = []
        self.running = None
        self.upstream_key = self.folder / "upstream-key"
        self.upstream_key.write_text(secrets.token_hex(24))

    def __enter__(self):
        for model, port in self.upstream_ports.items():
            self.processes.append(subprocess.Popen(
                [sys.executable, STAND_IN, "--port", str(port), "--model", model, "--api-key-file", self.upstream_key],
                stdout=subprocess.DEVNULL))
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and (self.folder / "agent.log").exists():
            print("--- agent log, its end:\n" + (self.folder / "agent.log").read_text()[-3000:])
        if self.running:
            self.stop()
        for process in self.processes:
            process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- the agent

    def start(self, wait=True, **options):
        log = open(self.folder / "agent.log", "a")
        self.running = subprocess.Popen(
            [self.agent, "standalone", "--data", str(self.data), "--port", str(options.get("port", self.port)),
             "--envoy", options.get("envoy", self.envoy)], stdout=log, stderr=log)
        if wait:
            wait_for("the agent is ready", self.ready, 30)

    def ready(self):
        assert self.running.poll() is None, "the agent ended with " + str(self.running.returncode)
        try:
            return self.installation()["gateway"]["state"] == "Running"
        except (OSError, KeyError, ValueError):
            return False

    def stop(self):
        self.running.terminate()
        code = self.running.wait(15)
        self.running = None
        return code

    def kill(self):
        self.running.send_signal(signal.SIGKILL)
        self.running.wait()
        self.running = None

    def command(self, *arguments, stdin=None, expect=0):
        result = subprocess.run([self.agent, *map(str, arguments), "--data", str(self.data)], input=stdin, text=True,
                                capture_output=True, timeout=120)
        if expect is not None and result.returncode != expect:
            raise AssertionError(f"{arguments} exited {result.returncode}, not {expect}: {result.stdout}{result.stderr}")
        return result

    # --- objects

    def manifest(self, name, model, **changes):
        document = {
            "apiVersion": "llm.nebari.dev/v1alpha1", "kind": "LLMModel",
            "metadata": {"name": name, "namespace": "default", "annotations": {
                "gatehouse.dev/upstream": f"http://127.0.0.1:{self.upstream_ports.get(model, 1)}",
                "gatehouse.dev/upstream-secret": "upstream", "gatehouse.dev/note": "stand-in of a test, not a model"}},
            "spec": {"model": {"name": model, "source": "huggingface", "storage": {"type": "emptyDir"}},
                     "resources": {"gpu": {"count": 0, "type": "nvidia"}}, "access": {"groups": ["llm"]}}}
        for path, value in changes.items():
            place = document
            *parents, last = path.split("__")
            for parent in parents:
                place = place.setdefault(parent, {})
            place[last] = value
        return json.dumps(document)

    def apply(self, text, expect=0):
        return self.command("apply", "-f", "-", stdin=text, expect=expect)

    def serve_both(self):
        self.apply(json.dumps({"apiVersion": "v1", "kind": "Secret",
                               "metadata": {"name": "upstream", "namespace": "default"},
                               "stringData": {"apiKey": self.upstream_key.read_text()}}))
        self.apply(self.manifest("a", "org/a") + "\n---\n" + self.manifest("b", "org/b"))
        wait_for("both models are ready", lambda: all(self.phase(name) == "Ready" for name in "ab"))

    def phase(self, name):
        result = self.command("get", "llmmodel", name, "-o", "json", expect=None)
        return json.loads(result.stdout).get("status", {}).get("phase") if result.returncode == 0 else None

    def mint(self, model, owner="alice", *more):
        file = self.folder / f"key-{time.monotonic_ns()}"
        self.command("keys", "mint", "--model", model, "--owner", owner, "--key-file", file, *more)
        assert file.stat().st_mode & 0o777 == 0o600
        return file.read_text().strip()

    def keys(self):
        listed = json.loads(self.command("keys", "list", "-o", "json").stdout)
        return listed["items"] if isinstance(listed, dict) else listed

    # --- the wire

    def context(self):
        return ssl.create_default_context(cafile=str(self.data / "tls" / "ca.crt"))

    def installation(self):
        agent = json.loads((self.data / "agent.json").read_text())
        port = int(agent["server"].rsplit(":", 1)[1])
        token = (self.data / "token").read_text()
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=self.context(), timeout=5)
        connection.request("GET", "/apis/gatehouse.dev/v1alpha1/installation", headers={"Authorization": "Bearer " + token})
        return json.loads(connection.getresponse().read())

    def connection(self):
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context(), timeout=20)

    def ask(self, key, model="org/a", path="/v1/chat/completions", connection=None):
        own = connection or self.connection()
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Authorization"] = "Bearer " + key
        body = json.dumps({"model": model, "messages": [{"role": "user", "content": "hello"}]})
        own.request("POST", path, body, headers)
        answer = own.getresponse()
        text = answer.read()
        if connection is None:
            own.close()
        return answer.status, text
