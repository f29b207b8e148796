#!/usr/bin/env python3
"""Every path and folder that a document names in backticks or links to exists, so that a stranger who follows it arrives."""
import re

from sources import ROOT, files, finish

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
PATH = re.compile(r"`((?:core|agent|app|tests|docs|packaging|resources|cmake|\.ci|LICENSES)/[A-Za-z0-9_./-]*)`")


def main() -> None:
    problems = []
    documents = files(".md")
    for path in documents:
        text = (ROOT / path).read_text()
        for target in LINK.findall(text):
            if not (ROOT / path.parent / target).exists():
                problems.append(f"{path}: links to {target}, which does not exist")
        for target in PATH.findall(text):
            if not (ROOT / target).exists() and not (ROOT / path.parent / target).exists():
                problems.append(f"{path}: names {target}, which does not exist")
    finish(len(documents), "documents", problems)


if __name__ == "__main__":
    main()
