"""What the package says of versions in four places is the same."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8").split()
    return {
        library.lower().replace("_", "-"): version for library, _, version in (line.partition("==") for line in lines)
    }


def targets() -> dict[str, str]:
    _, frontmatter, _ = (ROOT / "SKILL.md").read_text(encoding="utf-8").split("---\n", 2)
    found: dict[str, str] = yaml.safe_load(frontmatter)["targets"]
    return found


def test_the_floor_of_a_target_is_the_version_in_the_oldest_set() -> None:
    assert {name: f">={version}" for name, version in pins("oldest").items() if name in targets()} == targets()


def test_the_project_asks_for_what_the_targets_say() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {r.name: str(r.specifier) for r in map(Requirement, project["optional-dependencies"]["examples"])}

    assert {name: asked.get(name) for name in targets() if name != "opentelemetry-api"} == {
        name: floor for name, floor in targets().items() if name != "opentelemetry-api"
    }


def test_the_newest_set_is_pinned_and_within_the_targets() -> None:
    newest = pins("newest")

    assert all(Requirement(name + floor).specifier.contains(newest[name]) for name, floor in targets().items())


def test_tested_names_the_floor_of_every_target() -> None:
    tested = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))["tested"]

    assert {name: pins("oldest")[name] in tested[name].split(", ") for name in targets()} == dict.fromkeys(
        targets(), True
    )


def brought(wanted: Iterable[str]) -> set[str]:
    """The distributions that an installation of these requirements brings."""
    found: set[str] = set()
    pending = [*map(Requirement, wanted)]
    while pending:
        requirement = pending.pop()
        name, further = canonicalize_name(requirement.name), map(Requirement, requires(requirement.name) or ())
        asked = [
            r
            for r in further
            if any(not r.marker or r.marker.evaluate({"extra": e}) for e in ("", *requirement.extras))
        ]
        pending += [r for r in asked if canonicalize_name(r.name) not in found]
        found.add(name)
    return found


PROOFS = """
import runpy, sys
from pathlib import Path
hidden, tests = sys.argv[1].split(","), Path(sys.argv[2])
sys.modules.update(dict.fromkeys(hidden))  # None: to import one of these raises ModuleNotFoundError
sys.path[:0] = [str(tests), str(tests.parent / "scripts")]
for module in (tests / "conftest.py", *sorted(tests.glob("proofs/*.py"))):
    runpy.run_path(str(module))
"""


def test_proofs_import_nothing_but_what_the_extra_for_examples_brings() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    known = brought([*project["dependencies"], *project["optional-dependencies"]["examples"]])
    more = brought(project["optional-dependencies"]["dev"]) - known
    hidden = [
        name for name, sources in packages_distributions().items() if more >= set(map(canonicalize_name, sources))
    ]
    assert "coverage" in hidden

    command = [sys.executable, "-c", PROOFS, ",".join(hidden), str(ROOT / "tests")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
