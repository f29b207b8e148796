#!/usr/bin/env python3
"""The small part of JSON that shell scripts need.

facts.py get FILE PATH…                    prints one value a line; PATH is dotted (gateway.url); FILE may be '-'
facts.py quickstart FILE KEY=VALUE… -- NAME=ID=KEYFILE…   writes quickstart.json, mode 0600, all or nothing
"""
import json
import os
import pathlib
import sys


def get(file: str, paths: list[str]) -> None:
    document = json.loads(sys.stdin.read() if file == "-" else pathlib.Path(file).read_text(encoding="utf-8"))
    for path in paths:
        value = document
        for part in path.split("."):
            value = value.get(part, "") if isinstance(value, dict) else ""
        print(value)


def quickstart(file: str, words: list[str]) -> None:
    split = words.index("--")
    facts = dict(word.split("=", 1) for word in words[:split])
    facts["models"] = [dict(zip(("name", "id", "keyFile"), word.split("=", 2))) for word in words[split + 1 :]]
    order = ("gateway", "ca", "adminApi", "adminCa", "adminTokenFile", "models", "pack", "publicKey", "kubeconfig")
    temporary = pathlib.Path(file + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump({name: facts[name] for name in order}, out, indent=2)
        out.write("\n")
    temporary.replace(file)


if __name__ == "__main__":
    {"get": get, "quickstart": quickstart}[sys.argv[1]](sys.argv[2], sys.argv[3:])
