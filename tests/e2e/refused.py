#!/usr/bin/env python3
"""What the API server refuses because of our CRDs' schemas, `gatehouse-agent render` must refuse too, and the other way round.

usage: refused.py --kubeconfig FILE --agent PROGRAM --settings FILE

Each case changes one thing in a sound manifest. Rules of meaning, which a schema cannot say, are not asked here.
"""
import argparse
import copy
import os
import subprocess
import sys
import tempfile

import yaml

from accepted import Api

SERVED = yaml.safe_load("""
apiVersion: llm.nebari.dev/v1alpha1
kind: LLMModel
metadata: {name: chat, namespace: schema-cases}
spec:
  access: {groups: [llm]}
  model: {name: org/chat, source: huggingface, storage: {type: pvc, size: 1Gi}}
  resources: {gpu: {count: 1, type: nvidia}}
""")
PROVIDER = yaml.safe_load("""
apiVersion: llm.nebari.dev/v1alpha1
kind: PassthroughModel
metadata: {name: far, namespace: schema-cases}
spec:
  access: {public: true}
  provider: {hostname: api.example.com, credentialSecretName: cred}
  models: {declared: [org/far]}
""")
GONE = object()

# (manifest, path, new value, whether it is sound)
CASES = [
    (SERVED, "spec.model.source", "oci ", False),
    (SERVED, "spec.model.source", GONE, False),
    (SERVED, "spec.model.sorce", "oci", False),
    (SERVED, "spec.access", GONE, False),
    (SERVED, "spec.access", {"public": True, "groups": None}, True),
    (SERVED, "spec.access.groups", "llm", False),
    (SERVED, "spec.access.groups", [1], False),
    (SERVED, "spec.access.public", "true", False),
    (SERVED, "spec.resources.gpu.count", "1", False),
    (SERVED, "spec.resources.gpu.count", 1.5, False),
    (SERVED, "spec.resources.gpu.type", GONE, True),
    (SERVED, "spec.resources.limits", {"memory": "16Gi", "cpu": 4}, True),
    (SERVED, "spec.resources.limits", {"memory": "16 Gi"}, False),
    (SERVED, "spec.resources.limits", {"memory": 1.5}, False),
    (SERVED, "spec.endpoints", {"requestTimeout": "600s"}, True),
    (SERVED, "spec.endpoints", {"requestTimeout": "600"}, False),
    (SERVED, "spec.endpoints", {"requestTimeout": "600s\n"}, False),
    (SERVED, "spec.endpoints", {"requestTimeout": "1h1m1s1ms1s"}, False),
    (SERVED, "spec.serving", {"updateStrategy": "recreate"}, False),
    (SERVED, "spec.serving", {"replicas": None}, True),
    (SERVED, "spec.model.source", None, False),
    (SERVED, "spec.resources.limits", {"memory": None}, True),
    (SERVED, "spec.serving", {"command": ["a", None]}, False),
    (SERVED, "spec.advanced", {"vllm": {"extraEnv": [{"value": "x"}]}}, False),
    (SERVED, "spec.advanced", {"vllm": {"extraEnv": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"}}}]}}, False),
    (SERVED, "spec.advanced", {"vllm": {"extraEnv": [{"name": "A", "valeu": "x"}]}}, False),
    (SERVED, "spec.advanced", {"vllm": {"nodeSelector": {"a": 1}}}, False),
    (SERVED, "spec.advanced", {"inferencePool": {"schedulerConfig": {"anything": [1, {"goes": None}]}}}, True),
    (SERVED, "spec.advanced", {"inferencePool": {"schedulerConfig": "text"}}, False),
    (SERVED, "metadata.labels", {"a": "b c"}, False),
    (SERVED, "metadata.labels", {"a b": "c"}, False),
    (SERVED, "metadata.annotations", {"a": 1}, False),
    (SERVED, "metadata.lables", {}, False),
    (SERVED, "metadata.name", "Chat", False),
    (SERVED, "extra", 1, False),
    (PROVIDER, "spec.provider.port", 0, False),
    (PROVIDER, "spec.provider.port", 65535, True),
    (PROVIDER, "spec.provider.port", 65536, False),
    (PROVIDER, "spec.provider.hostname", "", False),
    (PROVIDER, "spec.provider.credentialSecretName", GONE, False),
    (PROVIDER, "spec.models.declared", {"a": 1}, False),
    (PROVIDER, "spec.endpoints", {"external": {"enabled": False}}, True),
    (PROVIDER, "spec.endpoints", {"requestTimeout": "600s"}, False),
]


def changed(manifest, path, value):
    result = copy.deepcopy(manifest)
    *parents, last = path.split(".")
    target = result
    for name in parents:
        target = target[name]
    if value is GONE:
        del target[last]
    else:
        target[last] = value
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--kubeconfig", "--agent", "--settings"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    api, wrong = Api(options.kubeconfig), 0
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "model.yaml")
        for manifest, path, value, sound in CASES:
            obj = changed(manifest, path, value)
            status, answer = api.try_create(obj)
            with open(file, "w", encoding="utf-8") as out:
                yaml.safe_dump(obj, out)
            run = subprocess.run([options.agent, "render", "-f", file, "--settings", options.settings], capture_output=True, text=True, timeout=30, check=False)
            if (status < 300, run.returncode == 0) != (sound, sound):
                wrong += 1
                print("%s = %r: expected %s; the API server says %d %s; render says %d %s"
                      % (path, None if value is GONE else value, "sound" if sound else "refused", status, answer.get("message", ""), run.returncode, run.stderr.strip()))
    print("%d of %d cases agree" % (len(CASES) - wrong, len(CASES)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
