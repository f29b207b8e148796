#!/usr/bin/env python3
"""The programs given link no Qt library for windows, not even through another library."""
import re
import subprocess
import sys

from sources import finish

FORBIDDEN = re.compile(r"libQt6(Gui|Widgets|Quick|Qml|Charts|Svg|OpenGL\w*|PrintSupport)\.so|libX11|libxcb|libwayland")


def main() -> None:
    problems = []
    for program in sys.argv[1:]:
        linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        for line in linked.splitlines():
            if FORBIDDEN.search(line):
                problems.append(f"{program} links {line.split()[0]}; core and agent run where there is no display")
            if "not found" in line:
                problems.append(f"{program}: {line.strip()}")
    finish(len(sys.argv) - 1, "programs", problems)


if __name__ == "__main__":
    main()
