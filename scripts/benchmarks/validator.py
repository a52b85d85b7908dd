"""The validator beside others, on one skill and on a tree of hundreds; beside the import of its own libraries."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from lone_sample import LONE
from measuring.pages import ROOT, save, table, times
from measuring.race import Contender, race, ratios

NAME = "validator"
PAGE = ROOT / "CONTRIBUTING.md"
SKILLS, ROUNDS = 300, 3
ALONE = 20  # skills that are measured of a validator which takes one at a time: the others would take as long each
OURS = "this validator"
LIBRARIES = "import jsonschema, markdown_it, packaging.version, pathspec, pglast, psutil, ruff, tree_sitter_bash, yaml"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another validator: how it is installed below a folder, where it is then, and what its arguments are."""

    install: tuple[str, ...]
    program: str
    arguments: tuple[str, ...] = ()
    takes_trees: bool = True
    takes_projects: bool = False


PEERS = {
    "agentskills (skills-ref)": Peer(("pip", "skills-ref"), "bin/agentskills", ("validate",), takes_trees=False),
    "skillcheck": Peer(("pip", "skillcheck"), "bin/skillcheck", ("--quiet",)),
    "agnix": Peer(("npm", "agnix"), "node_modules/.bin/agnix"),
    "claudelint (claude-code-lint)": Peer(
        ("npm", "claude-code-lint"),
        "node_modules/.bin/claudelint",
        ("validate-skills", "--cwd"),
        takes_projects=True,
    ),
}


def main() -> None:
    """Measure, and write what was measured to the data and to CONTRIBUTING.md."""
    with tempfile.TemporaryDirectory() as folder:
        commands, missing = _installed(Path(folder))
        one, half, tree = (_tree(Path(folder, str(number)), number) for number in (1, SKILLS // 2, SKILLS))
        data = asyncio.run(_measured(commands, one, half, tree))
        facts = {"python": sys.version.split()[0], "cores": len(os.sched_getaffinity(0)), "skills": SKILLS}
        facts["bytes"] = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file())
    data = {"facts": facts, "missing": missing, **data}
    save(NAME, data, blocks(data), PAGE)


def blocks(data: dict[str, Any]) -> dict[str, str]:
    """The table by the mark between which it stands."""
    facts = data["facts"]
    rows = [(name, times(data["cold"][name]), times(data["tree"][name])) for name in data["cold"]]
    missing = ", ".join(data["missing"]) or "none"
    told = (
        f"{facts['skills']} skills of {facts['bytes'] / 1e6:.1f} MB, {facts['cores']} cores, Python {facts['python']};"
        f" each column against its best. agentskills takes one skill at a time; skillcheck reads each SKILL.md alone."
        f" This validator takes {times(data['half'])} of the time for half of the tree, {data['memory']} MB for all of"
        f" it, and for this package {times(data['package'])} times as long as to import its libraries. What could not"
        f" be installed where this was measured: {missing}."
    )
    return {NAME: f"{table(['validator', 'one skill', 'the tree'], rows)}\n\n{told}"}


async def _measured(commands: dict[str, tuple[str, ...]], one: Path, half: Path, tree: Path) -> dict[str, Any]:
    ours = commands[OURS]
    cold = await race({n: _timed(_runs(n, c, one, 1)) for n, c in commands.items()}, 2 * ROUNDS + 1)
    many = {n: _timed(_runs(n, c, tree, ALONE), SKILLS) for n, c in commands.items()}
    whole = await race(many, ROUNDS)
    own = {"whole": many[OURS], "half": _timed([(*ours, str(half))])}
    own |= {"package": _timed([(*ours, str(ROOT))]), "libraries": _timed([(sys.executable, "-c", LIBRARIES)])}
    found = {name: median(seconds) for name, seconds in (await race(own, 2 * ROUNDS + 1)).items()}
    return {
        "cold": ratios(cold),
        "tree": ratios(whole),
        "half": found["half"] / found["whole"],
        "package": found["package"] / found["libraries"],
        "skills_a_second": round(SKILLS / found["whole"]),
        "memory": _peak((*ours, str(tree))) // 2**20,
    }


def _runs(name: str, command: tuple[str, ...], tree: Path, alone: int) -> list[tuple[str, ...]]:
    """The command for the whole tree; of a validator that takes one skill at a time, those for the first of them."""
    peer = PEERS.get(name)
    if peer and not peer.takes_trees:
        return [(*command, str(tree / _name(number))) for number in range(alone)]
    return [(*command, str(tree.parents[1] if peer and peer.takes_projects else tree))]


def _timed(commands: Sequence[Sequence[str]], of: int = 1) -> Contender:
    """How long the commands take one after the other, in seconds; several are a part of `of`, and are projected."""

    async def run() -> float:
        begin = time.perf_counter()
        for command in commands:
            subprocess.run(command, capture_output=True, check=False)  # noqa: ASYNC221 - nothing else is to run
        return (time.perf_counter() - begin) * (of / len(commands) if len(commands) > 1 else 1)

    return run


def _peak(command: Sequence[str]) -> int:
    """The most memory that a command and its processes held at once, in bytes; what they share counts once."""
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        root = psutil.Process(running.pid)
        while running.poll() is None:
            held = 0
            for process in (root, *root.children(recursive=True)):
                try:
                    held += process.memory_full_info().pss
                except psutil.Error:
                    continue
            most = max(most, held)
            time.sleep(0.02)
    return most


def _installed(folder: Path) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The commands of the validators that can be had, and the names of those that cannot."""
    ours = (sys.executable, str(ROOT / "scripts" / "validate.py"), "--static", "--format", "concise")
    commands: dict[str, tuple[str, ...]] = {OURS: ours}
    missing = []
    for number, (name, peer) in enumerate(PEERS.items()):
        place = folder / f"peer-{number}"
        done = [subprocess.run(c, capture_output=True, check=False).returncode for c in _installers(peer, place)]
        if any(done) or not (place / peer.program).exists():
            missing.append(name)
        else:
            commands[name] = (str(place / peer.program), *peer.arguments)
    return commands, missing


def _installers(peer: Peer, place: Path) -> list[list[str]]:
    kind, package = peer.install
    if kind == "npm":
        return (
            [["npm", "install", "--prefix", str(place), "--no-fund", "--no-audit", package]]
            if shutil.which("npm")
            else []
        )
    return [[sys.executable, "-m", "venv", str(place)], [str(place / "bin" / "pip"), "install", "--quiet", package]]


def _tree(folder: Path, skills: int) -> Path:
    """A folder of that many skills in a project, the same on every machine; every tenth has ten times the notes."""
    folder = folder / ".claude" / "skills"
    pages = [path.read_text(encoding="utf-8").partition("\n# ")[2] for path in sorted((ROOT / "rules").glob("*.md"))]
    for number in range(skills):
        root = folder / _name(number)
        files = {name: text.replace("name: orders\n", f"name: {root.name}\n") for name, text in LONE.items()}
        for page in range(10 if number % 10 == 0 else 1):
            files[f"notes-{page}.md"] = f"# {pages[(number + page) % len(pages)]}"
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return folder


def _name(number: int) -> str:
    return f"orders-{number:03}"


if __name__ == "__main__":
    main()
