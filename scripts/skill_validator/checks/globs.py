"""The patterns that make a skill load, with the semantics of gitignore that the client gives them."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from ..diagnostics import Faults, check
from ..model import Mapped, Place, Skill

FIELDS = ("paths", "path_patterns")


@check
def invalid_glob(skill: Skill) -> Faults:
    r"""A pattern of `paths` is a gitignore pattern with something to match, relative to the project.

    Breach: an empty pattern, `/home/ann/*.py`, `src\\*.py`, `!*.py` alone, the same pattern twice.
    """
    for field in FIELDS:
        patterns = _patterns(skill.main.frontmatter, field)
        for number, pattern in enumerate(patterns):
            if fault := _fault(pattern) or ("given twice" if pattern in patterns[:number] else ""):
                yield skill.main.frontmatter.at(field, number), f"{field}: {pattern!r} is {fault}"
        if patterns and all(p.startswith("!") for p in patterns):
            yield skill.main.frontmatter.at(field), f"{field}: only negations, so nothing is matched"


@check
def unequal_paths(skill: Skill) -> Faults:
    """`path_patterns`, which installers read, says what `paths` says, which the client reads.

    Breach: a pattern in one of the two only.
    """
    frontmatter = skill.main.frontmatter
    paths, copies = (_patterns(frontmatter, field) for field in FIELDS)
    if "path_patterns" in frontmatter.values and paths != copies and (paths or not skill.manifest):
        odd = sorted(set(paths) ^ set(copies))
        yield frontmatter.at("path_patterns"), f"differs from paths: {', '.join(odd) or 'another order'}"


@check
def missed_sample(skill: Skill) -> Faults:
    """Every path in the manifest's `activation.match` is matched by `paths`.

    Breach: `src/app.py` is to load the skill, and `paths: ["*.pyi"]` does not match it.
    """
    yield from _samples(skill, "match", wanted=True)


@check
def overreaching_glob(skill: Skill) -> Faults:
    """No path in the manifest's `activation.ignore` is matched by `paths`.

    Breach: `paths: ["*"]` loads the skill on `README.md`.
    """
    yield from _samples(skill, "ignore", wanted=False)


def _samples(skill: Skill, kind: str, *, wanted: bool) -> Iterator[tuple[Place, str]]:
    patterns = _patterns(skill.main.frontmatter, "paths")
    activation = skill.manifest.values.get("activation") if skill.manifest else None
    samples = activation.get(kind) if isinstance(activation, dict) else None
    if not skill.manifest or not isinstance(samples, list) or not patterns or any(_fault(p) for p in patterns):
        return
    spec = GitIgnoreSpec.from_lines(patterns)
    for number, sample in enumerate(samples):
        if isinstance(sample, str) and spec.match_file(sample) is not wanted:
            place = skill.manifest.at("activation", kind, number)
            yield place, f"paths {'do not match' if wanted else 'match'} {sample}"


def _patterns(frontmatter: Mapped, field: str) -> tuple[str, ...]:
    value = frontmatter.values.get(field)
    return tuple(p.strip() for p in value.split(",")) if isinstance(value, str) else frontmatter.texts(field)


@functools.cache
def _fault(pattern: str) -> str:
    if not pattern.strip() or pattern.startswith("#"):
        return "blank"
    if "\\" in pattern:
        return "written with a backslash, which escapes and does not separate"
    if pattern.startswith(("~", "/")) or ".." in pattern.split("/"):
        return "not a path inside the project"
    try:
        GitIgnoreSpec.from_lines([pattern])
    except (GitIgnorePatternError, ValueError):
        return "not a gitignore pattern"
    return ""
