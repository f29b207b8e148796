#!/usr/bin/env python3
"""Sends the objects of each FILE (YAML streams) to a real API server with dryRun=All and fails if one is refused.

usage: accepted.py --kubeconfig FILE FILE…      unknown fields are refused too (fieldValidation=Strict)
"""
import argparse
import base64
import http.client
import json
import ssl
import sys
import urllib.parse

import yaml


class Api:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            config = yaml.safe_load(file)
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        url = urllib.parse.urlparse(cluster["server"])
        context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        self.connection = http.client.HTTPSConnection(url.hostname, url.port, context=context, timeout=30)
        self.headers = {"Authorization": "Bearer " + user["token"], "Content-Type": "application/json", "Accept": "application/json"}
        self.resources = {}

    def call(self, method, path, body=None):
        self.connection.request(method, path, None if body is None else json.dumps(body), self.headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def resource_of(self, api_version, kind):
        base = "/api/v1" if api_version == "v1" else "/apis/" + api_version
        if base not in self.resources:
            self.resources[base] = self.call("GET", base)[1].get("resources", [])
        for resource in self.resources[base]:
            if resource["kind"] == kind and "/" not in resource["name"]:
                return base, resource
        raise SystemExit("the API server serves no %s %s: are the CRDs installed?" % (api_version, kind))

    def try_create(self, obj):
        base, resource = self.resource_of(obj["apiVersion"], obj["kind"])
        namespace = obj["metadata"].get("namespace")
        if namespace:
            self.call("POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
        where = "/namespaces/" + namespace if resource["namespaced"] else ""
        return self.call("POST", "%s%s/%s?dryRun=All&fieldValidation=Strict" % (base, where, resource["name"]), obj)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    api, sent, refused = Api(options.kubeconfig), 0, 0
    for path in options.files:
        with open(path, encoding="utf-8") as file:
            objects = [obj for obj in yaml.safe_load_all(file) if obj]
        for obj in objects:
            # A model that was never stored has no uid yet, and the API server wants one.
            for owner in obj["metadata"].get("ownerReferences", []):
                owner.setdefault("uid", "00000000-0000-0000-0000-000000000000")
            sent += 1
            status, answer = api.try_create(obj)
            if status >= 300:
                refused += 1
                print("%s: %s %s: %s" % (path, obj["kind"], obj["metadata"]["name"], answer.get("message")))
    print("%d of %d objects accepted" % (sent - refused, sent))
    return 1 if refused or not sent else 0


if __name__ == "__main__":
    sys.exit(main())
