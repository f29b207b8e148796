#!/usr/bin/env python3
"""Passes ctest's output through and prints, before its closing lines, each skipped test with the reason it gave.

usage: ctest --output-junit REPORT … | show_skips.py REPORT
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

CLOSING = re.compile(r"^\d+% tests passed, ")
NOISE = re.compile(r"^(Running main\(\)|Note: Google Test filter|\[[ =\-]+\]|\[ +(RUN|OK|SKIPPED|PASSED|FAILED) +\]|\d+ ms)")


def reason(case: ElementTree.Element) -> str:
    """GoogleTest prints 'FILE:LINE: Skipped' and then what GTEST_SKIP was given; a script prints 'SKIP: …'."""
    lines = (case.findtext("system-out") or "").splitlines()
    for number, line in enumerate(lines):
        if line.startswith("SKIP:"):
            return line[5:].strip()
        if line.endswith(": Skipped"):
            said = [text.strip() for text in lines[number + 1 :] if text.strip() and not NOISE.match(text)]
            return said[0] if said else "no reason given"
    skipped = case.find("skipped")
    return (skipped.get("message") if skipped is not None else None) or case.get("status") or "no reason given"


def skips(report: str) -> list[tuple[str, str]]:
    try:
        cases = ElementTree.parse(report).getroot().iter("testcase")
    except (OSError, ElementTree.ParseError) as problem:
        return [("(all)", f"the report of ctest cannot be read: {problem}")]
    return [(case.get("name") or "?", reason(case)) for case in cases if case.get("status") in ("notrun", "disabled")]


def main() -> int:
    held: list[str] = []
    for line in sys.stdin:
        if held or CLOSING.match(line):
            held.append(line)
        else:
            sys.stdout.write(line)
            sys.stdout.flush()
    by_reason: dict[str, list[str]] = {}
    for name, why in skips(sys.argv[1]):
        by_reason.setdefault(why, []).append(name)
    if by_reason:
        print(f"Skipped: {sum(map(len, by_reason.values()))}")
        for why, names in sorted(by_reason.items()):
            print(f"  {why}")
            for name in names:
                print(f"    - {name}")
    else:
        print("Skipped: 0")
    print()
    sys.stdout.writelines(held)
    return 0


if __name__ == "__main__":
    sys.exit(main())
