"""What the rules share: where the repository is, its files, and how a rule ends."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def files(*suffixes: str, below: tuple[str, ...] = ()) -> list[pathlib.PurePosixPath]:
    """The repository's files, relative to ROOT; those git ignores are left out. Without git (a source archive): all but build/."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
                            capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    else:
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
        names = [name for name in names if not name.startswith(("build/", ".git/"))]
    chosen = [pathlib.PurePosixPath(name) for name in sorted(set(names))]
    return [path for path in chosen
            if (not suffixes or path.name.endswith(suffixes)) and (not below or path.parts[0] in below)]


def table(path: pathlib.Path) -> list[tuple[str, list[str]]]:
    """Lines of the form 'name: word word', comments left out."""
    rows = []
    for line in path.read_text().splitlines():
        line = line.split("#", 1)[0].strip()
        if line:
            name, _, rest = line.partition(":")
            rows.append((name.strip(), rest.split()))
    return rows


def finish(looked_at: int, what: str, problems: list[str]) -> None:
    if looked_at == 0:
        problems.append(f"no {what} were found to look at: the rule itself is broken")
    for problem in problems:
        print(problem)
    print(f"{looked_at} {what}, {len(problems)} problems")
    sys.exit(1 if problems else 0)
