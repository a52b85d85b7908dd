"""The patterns that make a skill load: sound, equal in both fields, and about the files that they are meant for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..diagnostics import Faults, check, warning
from ..lock import locked
from ..model import Mapped, Skill
from ..parts import Place
from ..patterns import fault, is_catch_all, patterns, spec

FIELDS = ("paths", "path_patterns")
MOST = 500  # patterns in one field that are looked at
# Files of which every project in Python has some: what `targets`, Python libraries, are about.
PYTHON_FILES = (
    "app.py",
    "src/orders/models.py",
    "tests/test_orders.py",
    "types.pyi",
    "notebook.ipynb",
    "pyproject.toml",
    "requirements.txt",
    "requirements/base.txt",
    "setup.cfg",
    "Pipfile",
    "poetry.lock",
    "uv.lock",
    "alembic.ini",
)


@check
def invalid_glob(skill: Skill) -> Faults:
    r"""A pattern of `paths` is a gitignore pattern with something to match, relative to the project.

    Breach: an empty pattern, `/home/ann/*.py`, `src\\*.py`, `.*\\.py$`, `!*.py` alone, the same pattern twice. Mend it:
    `*.py` matches at any depth, `src/**/*.py` below a folder.
    """
    frontmatter = skill.main.frontmatter
    for field in _fields(skill):
        globs = patterns(frontmatter, field)
        if len(globs) > MOST:
            yield frontmatter.at(field), f"{field}: {len(globs):,} patterns, over {MOST}"
            continue
        seen: set[str] = set()
        for number, pattern in enumerate(globs):
            if wrong := fault(pattern) or ("given twice" if pattern in seen else ""):
                yield frontmatter.at(field, number), f"{field}: {pattern!r} is {wrong}"
            seen.add(pattern)
        if field in frontmatter.values and not globs and isinstance(frontmatter.values[field], list):
            yield frontmatter.at(field), f"{field}: no pattern at all"
        if globs and all(p.startswith("!") for p in globs):
            yield frontmatter.at(field), f"{field}: only negations, so nothing is matched"


@check
def unequal_paths(skill: Skill) -> Faults:
    """`path_patterns`, which installers read, says what `paths` says, which the client reads.

    Where one of them is no list of sound patterns, that alone is told. Breach: a pattern in one of the two only. Mend
    it: copy `paths`.
    """
    frontmatter = skill.main.frontmatter
    paths, copies = (patterns(frontmatter, field) for field in FIELDS)
    are_sound = all(_is_sound(frontmatter, field) for field in FIELDS if field in frontmatter.values)
    if are_sound and copies and paths != copies and (paths or not skill.manifest):
        odd = sorted(set(paths) ^ set(copies))
        said = (
            f"differs from paths: {', '.join(odd) or 'another order'}"
            if paths
            else "paths, which the client reads, is missing"
        )
        yield frontmatter.at("path_patterns"), said


@check
def missed_sample(skill: Skill) -> Faults:
    """Every path in the manifest's `activation.match` is matched by `paths`.

    Breach: `src/app.py` is to load the skill, and `paths: ["*.pyi"]` does not match it. Mend it: add the pattern, or
    correct the sample: the patterns are taken to be wrong where the sample is a file of a Python project. A pattern
    that matches nothing is told alone, by `idle-glob`.
    """
    globs = _sound(skill)
    samples = _samples(skill, "match")
    if globs and samples and not _idle(globs, samples):
        whole = spec(globs)
        for place, sample in samples:
            if not whole.match_file(sample):
                is_likely = Path(sample).suffix == ".py" or Path(sample).name in {Path(f).name for f in PYTHON_FILES}
                yield skill.main.frontmatter.at("paths") if is_likely else place, f"paths do not match {sample}"


@check
def idle_glob(skill: Skill) -> Faults:
    """Every pattern of `paths` matches a path in the manifest's `activation.match`.

    Breach: `paths: ["*.pyx"]` where the samples end in `.py`. Mend it: correct the pattern, or add a sample for it.
    """
    frontmatter, globs = skill.main.frontmatter, _sound(skill)
    samples = _samples(skill, "match")
    idle = _idle(globs, samples) if samples else []
    if idle and not set(globs) - set(idle):
        yield frontmatter.at("paths"), f"paths match none of the samples, such as {samples[0][1]}"
        return
    unwanted = _samples(skill, "ignore")
    for pattern in idle:
        if not any(spec([pattern]).match_file(sample) for _, sample in unwanted):
            yield frontmatter.at("paths", globs.index(pattern)), f"paths: {pattern!r} matches none of the samples"


@check
def foreign_glob(skill: Skill) -> Faults:
    """Where `targets` names Python libraries, `paths` match some file of a Python project.

    Breach: `targets: {fastapi: ">=0.164"}` beside `paths: ["*.rs"]`. Mend it: name the files that the skill is about.
    """
    targets, globs = skill.main.frontmatter.values.get("targets"), _sound(skill)
    libraries = {str(library).casefold() for library in targets} if isinstance(targets, dict) else set()
    is_python = libraries & locked().keys() and globs and not _samples(skill, "match")
    if is_python and not any(map(spec(globs).match_file, PYTHON_FILES)):
        yield skill.main.frontmatter.at("paths"), "paths match no file of a Python project, which targets are about"


@check
def overreaching_glob(skill: Skill) -> Faults:
    """No path in the manifest's `activation.ignore` is matched by `paths`.

    Breach: `paths: ["*.md"]` where `README.md` is not to load the skill. Mend it: narrow the pattern.
    """
    globs, wanted = _sound(skill), {sample for _, sample in _samples(skill, "match")}
    is_idle = bool(wanted) and not set(globs) - set(_idle(globs, _samples(skill, "match")))
    if any(map(is_catch_all, globs)) or (globs and is_idle):
        return  # each has its own check
    for place, sample in _samples(skill, "ignore"):
        if sample in wanted:
            yield place, f"{sample} is to load the skill, and not to"
        elif globs and spec(globs).match_file(sample):
            culprit = next(n for n, p in enumerate(globs) if not p.startswith("!") and spec([p]).match_file(sample))
            yield skill.main.frontmatter.at("paths", culprit), f"paths: {globs[culprit]!r} matches {sample}"


@warning
def boundless_glob(skill: Skill) -> Faults:
    """The patterns of `paths` leave some files out, else the skill loads on every file.

    Breach: `paths: ["**/*"]`. Mend it: name the kinds of files, or leave `paths` out.
    """
    globs = _sound(skill)
    for number, pattern in enumerate(globs):
        if is_catch_all(pattern) and not any(p.startswith("!") for p in globs):
            yield skill.main.frontmatter.at("paths", number), f"paths: {pattern!r} matches every file"


def _fields(skill: Skill) -> Iterator[str]:
    """The fields to look at: an equal copy has nothing of its own to tell, and what is no list breaks its schema."""
    paths, copies = (patterns(skill.main.frontmatter, field) for field in FIELDS)
    yield "paths"
    if copies not in {paths, ()} and isinstance(skill.main.frontmatter.values["path_patterns"], list):
        yield "path_patterns"


def _is_sound(frontmatter: Mapped, field: str) -> bool:
    """Whether a field has patterns, and no other check tells of one."""
    value, globs = frontmatter.values[field], patterns(frontmatter, field)
    items = value if isinstance(value, list) else globs
    return len(items) == len(set(globs)) > 0 and _are_sound(globs)


def _sound(skill: Skill) -> tuple[str, ...]:
    """The patterns of `paths`; none where one of them is no pattern, or where they are without number."""
    globs = patterns(skill.main.frontmatter, "paths")
    return globs if len(globs) <= MOST and _are_sound(globs) else ()


def _are_sound(globs: tuple[str, ...]) -> bool:
    """Whether all are patterns, and not all of them negations."""
    return not any(map(fault, globs)) and not all(p.startswith("!") for p in globs)


def _idle(globs: tuple[str, ...], samples: tuple[tuple[Place, str], ...]) -> list[str]:
    return [g for g in globs if not g.startswith("!") and not any(spec([g]).match_file(s) for _, s in samples)]


def _samples(skill: Skill, kind: str) -> tuple[tuple[Place, str], ...]:
    activation = skill.manifest.values.get("activation") if skill.manifest else None
    samples = activation.get(kind) if isinstance(activation, dict) else None
    if not skill.manifest or not isinstance(samples, list):
        return ()
    return tuple((skill.manifest.at("activation", kind, n), s) for n, s in enumerate(samples) if isinstance(s, str))
