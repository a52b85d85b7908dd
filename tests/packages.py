"""Skills in memory: the small correct package after a change, and what the checks say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from lone_sample import LONE
from sample import FILES
from skill_validator.checks import CHECKS
from skill_validator.diagnostics import Check, Diagnostic
from skill_validator.model import Skill
from skill_validator.silencing import examine
from skill_validator.skill import MAPPINGS, SCRIPTS, build_skill

ROOT = Path("/skills/orders")
Change = tuple[str, str]


def changed(
    edits: Mapping[str, Change | Iterable[Change]] | None = None,
    drop: Iterable[str] = (),
    add: Mapping[str, str] | None = None,
    base: Mapping[str, str] = FILES,
) -> dict[str, str]:
    """The files of the package after a change. Each old text must occur exactly once, each dropped file exist."""
    files = {**base, **(add or {})}
    for name, changes in (edits or {}).items():
        for old, new in [changes] if isinstance(changes, tuple) else changes:
            assert files[name].count(old) == 1, f"{old!r} occurs {files[name].count(old)} times in {name}"
            files[name] = files[name].replace(old, new)
    for name in drop:
        del files[name]
    return files


def build(files: Mapping[str, str], root: Path = ROOT) -> Skill:
    """The skill made of these texts; every folder above a file exists too."""
    texts = {root / name: text for name, text in files.items()}
    folders = {parent for path in texts for parent in path.parents if parent.is_relative_to(root) and parent != root}
    scripts = {
        path: text for path, text in texts.items() if path.suffix in SCRIPTS and not path.as_posix().endswith(MAPPINGS)
    }
    read = {path: text for path, text in texts.items() if path not in scripts or "proofs" in path.parts}
    skill = build_skill(root, read, {*texts, *folders})
    return replace(skill, scripts={path: text for path, text in scripts.items() if path not in read})


def package(
    edits: Mapping[str, Change | Iterable[Change]] | None = None,
    drop: Iterable[str] = (),
    add: Mapping[str, str] | None = None,
) -> Skill:
    """The small correct package after a change: texts replaced, files dropped, files added."""
    return build(changed(edits, drop, add))


def lone(skill: str, **files: str) -> Skill:
    """A skill without a manifest, as strangers write them."""
    return build({"SKILL.md": skill, **files})


def stranger(
    change: Mapping[str, Change | Iterable[Change]] | None = None,
    add: Mapping[str, str] | None = None,
    drop: Iterable[str] = (),
) -> Skill:
    """The small correct skill without a manifest after a change, as `package`."""
    return build(changed(change, drop, add, LONE))


def diagnostics(skill: Skill, checks: Iterable[Check] = CHECKS) -> list[Diagnostic]:
    """What these checks say, in the order of a report."""
    return list(examine(skill, tuple(checks))[0])


def said(skill: Skill) -> list[str]:
    """What all checks say: `path:line: check: message`."""
    return [f"{d.path}:{d.line}: {d.check}: {d.message}" for d in diagnostics(skill)]


def found(skill: Skill, name: str) -> list[str]:
    """What the check `name` says: `path:line: message`."""
    chosen = [check for check in CHECKS if check.name == name]
    assert chosen, f"no check is called {name}"
    asked = CHECKS if chosen[0].group == "silencers" else chosen  # those judge what the others found
    return [f"{d.path}:{d.line}: {d.message}" for d in diagnostics(skill, asked) if d.check == name]
