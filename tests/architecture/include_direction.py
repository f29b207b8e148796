#!/usr/bin/env python3
"""Folders include only what allowed_includes.txt lets them, and no two folders include each other in a circle."""
import re

from sources import ROOT, files, finish, table

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)
LAYERS = ("core", "agent", "app")
GUI = re.compile(r"^(Qt(Gui|Widgets|Charts|Svg|Quick|Qml|OpenGL|OpenGLWidgets|PrintSupport)/|"
                 r"Q(Widget|MainWindow|GuiApplication|Application|Color|Pixmap|Icon|Font|Painter|Dialog|Action|Clipboard|TableView|ChartView)$)")


def module(path: str) -> str:
    """'core/probe/checks/X.h' -> 'core/probe'; a file right below a layer belongs to the layer itself."""
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def permits(allowed: list[str], target: str) -> bool:
    return any(target == word or (word.endswith("/*") and target.startswith(word[:-1])) for word in allowed)


def rules_of(rows: list[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """Folder -> allowed folders, with the '@' sets written out."""
    sets: dict[str, list[str]] = {}
    rules: dict[str, list[str]] = {}
    for name, words in rows:
        written_out = [folder for word in words for folder in (sets[word] if word.startswith("@") else [word])]
        (sets if name.startswith("@") else rules)[name] = written_out
    return rules


def circle(graph: dict[str, set[str]]) -> list[str]:
    """One circle of the graph as a path whose ends are equal, or nothing."""
    done: set[str] = set()

    def visit(node: str, path: list[str]) -> list[str]:
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return []
        for neighbour in sorted(graph.get(node, ())):
            found = visit(neighbour, path + [node])
            if found:
                return found
        done.add(node)
        return []

    for start in sorted(graph):
        found = visit(start, [])
        if found:
            return found
    return []


def main() -> None:
    rules = rules_of(table(ROOT / "tests/architecture/allowed_includes.txt"))
    problems: list[str] = []
    graph: dict[str, set[str]] = {}
    used: set[str] = set()
    sources = files(".h", ".cpp", below=LAYERS)
    for path in sources:
        source = module(str(path))
        allowed = rules.get(source)
        if allowed is None:
            problems.append(f"{path}: folder {source} has no line in tests/architecture/allowed_includes.txt; add one with what it needs")
            rules[source] = allowed = ["core/*", "agent/*", "app/*", "core", "agent", "app"]
        used.add(source)
        for bracket, included in INCLUDE.findall((ROOT / path).read_text()):
            if path.parts[0] != "app" and GUI.match(included):
                problems.append(f"{path}: includes <{included}>; core and agent know nothing of windows, move it to app/")
            if bracket == "<" or included.startswith("."):
                if included.startswith("."):
                    problems.append(f"{path}: includes \"{included}\"; includes are rooted at the repository")
                continue
            target = module(included)
            if included.split("/")[0] not in LAYERS or target == source:
                continue
            graph.setdefault(source, set()).add(target)
            if not permits(allowed, target):
                problems.append(f"{path}: {source} may not include {target} (\"{included}\"); depend the other way round, or argue for a line in allowed_includes.txt")
    found = circle(graph)
    if found:
        problems.append(f"folders include each other in a circle: {' -> '.join(found)}; move what both need into a folder of its own")
    for name in sorted(set(rules) - used):
        problems.append(f"allowed_includes.txt: folder {name} has no sources any more; remove its line")
    finish(len(sources), "sources", problems)


if __name__ == "__main__":
    main()
