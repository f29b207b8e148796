#!/usr/bin/env python3
"""docs/dependencies.md lists what the programs given link, no more and no less, with the licence that Debian's copyright file names.

A row of its table: | library | Debian package | linked as | licence | part | why |
"""
import pathlib
import re
import subprocess
import sys

from sources import ROOT, finish

# The C and C++ run time, which comes with the compiler.
RUNTIME = re.compile(r"^(libc|libm|libstdc\+\+|libgcc_s|ld-linux-x86-64|ld-linux-aarch64)\.so")
# How Debian's copyright files spell the licences that may be linked; the agent and core are Apache-2.0, the console GPL-3.0-or-later.
SPELLINGS = {
    "Apache-2.0": r"Apache", "BSD-3-Clause": r"BSD|Redistribution and use in source and binary forms", "BSL-1.0": r"Boost|BSL", "CC0-1.0": r"CC0", "LGPL-3.0-only": r"LGPL-3",
    "GPL-3.0-only": r"GPL-3", "MIT": r"MIT|Expat", "public domain": r"[Pp]ublic[ -]domain", "Zlib": r"[Zz]lib|This software is provided .as-is., without any express",
}
CONSOLE_ONLY = {"GPL-3.0-only"}


def rows() -> list[dict[str, str]]:
    names = ("library", "package", "linked", "licence", "part", "why")
    found = []
    for line in (ROOT / "docs/dependencies.md").read_text().splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == len(names) and cells[0] != "library" and not set(cells[0]) <= set("-: "):
            found.append(dict(zip(names, cells)))
    return found


def needed(program: str) -> set[str]:
    headers = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
    return {name for name in re.findall(r"\(NEEDED\).*\[([^\]]+)\]", headers) if not RUNTIME.match(name)}


def licence_problem(row: dict[str, str]) -> str:
    spelling = SPELLINGS.get(row["licence"])
    if spelling is None:
        return f"{row['library']}: licence {row['licence']} is not one we may link"
    if row["licence"] in CONSOLE_ONLY and row["part"] != "console":
        return f"{row['library']}: {row['licence']} may be linked by the console only"
    copyright_file = pathlib.Path("/usr/share/doc") / row["package"] / "copyright"
    if not copyright_file.exists():
        return f"{row['library']}: Debian package {row['package']} is not installed, so its licence cannot be compared"
    if not re.search(spelling, copyright_file.read_text(errors="replace")):
        return f"{row['library']}: {copyright_file} does not mention {row['licence']}"
    return ""


def main() -> None:
    problems = []
    listed = rows()
    by_soname = {row["linked"]: row for row in listed}
    linked: set[str] = set()
    for program in sys.argv[1:]:
        console = pathlib.Path(program).name == "gatehouse"
        for soname in sorted(needed(program)):
            linked.add(soname)
            row = by_soname.get(soname)
            if row is None:
                problems.append(f"{pathlib.Path(program).name} links {soname}, which has no row in docs/dependencies.md; add one, or drop the library")
            elif row["part"] == "console" and not console:
                problems.append(f"{pathlib.Path(program).name} links {soname}, which docs/dependencies.md allows the console only")
    checked_console = any(pathlib.Path(program).name == "gatehouse" for program in sys.argv[1:])
    for row in listed:
        problem = licence_problem(row)
        if problem:
            problems.append(problem)
        gone = row["linked"] != "headers" and row["linked"] not in linked
        if gone and (checked_console or row["part"] != "console"):
            problems.append(f"docs/dependencies.md: nothing links {row['linked']} ({row['library']}) any more; remove its row")
    finish(len(listed), "dependencies", problems)


if __name__ == "__main__":
    main()
