#!/usr/bin/env python3
"""Nothing that looks like a real secret is committed. Tests make their keys when they run, or use ones that are plainly made up."""
import re

from sources import ROOT, files, finish

PATTERNS = {
    "an API key": re.compile(r"\bsk-([A-Za-z0-9_-]{24,})"),
    "a private key": re.compile(r"-----BEGIN ((?:[A-Z]+ )*)PRIVATE KEY-----\s*\n?\s*([A-Za-z0-9+/=\s]{64,})"),
    "a JSON Web Token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.([A-Za-z0-9_-]{20,})"),
    "a cloud access key": re.compile(r"\b(?:AKIA|ASIA)([0-9A-Z]{16})\b"),
}
# A made-up value repeats itself: 24 random characters of base64url hold at least this many different ones, but for one chance in a million.
DIFFERENT = 11


def main() -> None:
    problems = []
    looked_at = files()
    for path in looked_at:
        try:
            text = (ROOT / path).read_text()
        except UnicodeDecodeError:
            continue
        for what, pattern in PATTERNS.items():
            for match in pattern.finditer(text):
                if len(set(match.groups()[-1])) >= DIFFERENT:
                    line = text.count("\n", 0, match.start()) + 1
                    problems.append(f"{path}:{line}: looks like {what}; make it when the test runs, or write one that is plainly made up (sk-aaaa…)")
    finish(len(looked_at), "files", problems)


if __name__ == "__main__":
    main()
