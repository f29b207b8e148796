#!/usr/bin/env python3
"""No source is longer than 500 lines; long_files.txt lists what may be, with its own limit and the reason."""
from sources import ROOT, files, finish

LIMIT = 500


def exceptions() -> dict[str, int]:
    rows = {}
    for line in (ROOT / "tests/architecture/long_files.txt").read_text().splitlines():
        name, _, reason = line.partition("#")
        if name.strip():
            path, limit = name.split()
            assert reason.strip(), f"long_files.txt: {path} needs a reason after '#'"
            rows[path] = int(limit)
    return rows


def main() -> None:
    problems = []
    allowed = exceptions()
    sources = files(".h", ".cpp", ".py", ".sh")
    for path in sources:
        lines = (ROOT / path).read_text().count("\n")
        limit = allowed.pop(str(path), LIMIT)
        if lines > limit:
            problems.append(f"{path}: {lines} lines, the limit is {limit}; split it by what changes together")
        elif limit > LIMIT and lines <= LIMIT:
            problems.append(f"{path}: short enough now; remove its line from long_files.txt")
    problems += [f"long_files.txt: {path} does not exist; remove its line" for path in allowed]
    finish(len(sources), "sources", problems)


if __name__ == "__main__":
    main()
