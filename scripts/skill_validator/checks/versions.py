"""The libraries that `targets` names, and the versions it asks for."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from ..diagnostics import Faults, check, warning
from ..lock import locked, newest
from ..model import Skill
from ..parts import Place
from ..schemas.similar import similar

FLOORS = {">=", ">", "==", "===", "~="}
NOT_LIBRARIES = {"python", "postgresql", "postgres", "node", "redis-server"}
NEVER = Version("0")
SLIP = 0.8  # how like a known name an unknown one must be to be a slip of it


@check
def invalid_specifier(skill: Skill) -> Faults:
    """A target's version specifier is one by PEP 440, and some version satisfies it.

    Breach: `fastapi: newest`, `>=3,<2`, `=>1.0`. Mend it: write `">=2.1"` or `">=2.1,<3"`.
    """
    for place, library, text in _targets(skill):
        if not text.strip():
            continue  # a blank value has its own check
        specifiers = _parsed(text)
        if not specifiers:
            yield place, f"targets.{library}: {text!r} is not a version specifier such as '>=2.1'"
        elif not _is_satisfiable(specifiers):
            yield place, f"targets.{library}: no version satisfies {text!r}"


@check
def unreleased_version(skill: Skill) -> Faults:
    """A target asks for a version that is out: no floor is above the newest release known here.

    Known are the releases in this project's lock and those installed beside the validator. Breach: `pydantic: ">=9.1"`.
    Mend it: ask for a release that there is.
    """
    for place, library, text in _targets(skill):
        specifiers = _parsed(text)
        floor = max((_version(s) for s in specifiers if s.operator in FLOORS), default=NEVER)
        known = locked().get(canonicalize_name(library), NEVER)
        if floor > known and _is_satisfiable(specifiers) and floor > (known := newest(library) or floor):
            yield place, f"targets.{library}: {floor} is newer than {known}, the newest release known here"


@check
def misspelt_library(skill: Skill) -> Faults:
    """A target is the name of a library as the package index spells it.

    Breach: `fastapii: ">=0.100"`, `sqlachemy: ">=2"`. Mend it: correct the name.
    """
    for place, library, _ in _targets(skill):
        meant = _meant(library)
        if not _is_known(library) and meant:
            yield place, f"no library {library!r} is known, did you mean {meant!r}"


@warning
def unknown_library(skill: Skill) -> Faults:
    """A target is a library of this project's lock, or installed beside the validator, so that it can be looked at.

    Breach: a library that no list here has, whose name and versions nobody can vouch for. Mend it: add it to the lock.
    """
    for place, library, _ in _targets(skill):
        if not _is_known(library) and not _meant(library):
            yield place, f"no list here has a library {library!r}"


def _targets(skill: Skill) -> Iterator[tuple[Place, str, str]]:
    frontmatter = skill.main.frontmatter
    targets = frontmatter.values.get("targets")
    for library, specifier in targets.items() if isinstance(targets, dict) else ():
        if isinstance(library, str) and isinstance(specifier, str):
            yield frontmatter.at("targets", library), library, specifier


def _is_known(library: str) -> bool:
    name = canonicalize_name(library)
    return name in NOT_LIBRARIES or name in locked() or newest(library) is not None


def _meant(library: str) -> str | None:
    """The known library that this one is a slip of; a name that differs in its number is another library's."""
    meant = similar(library, locked(), SLIP)
    return meant if meant and meant.rstrip("0123456789") != library.casefold().rstrip("0123456789") else None


def _parsed(text: str) -> tuple[Specifier, ...]:
    """The parts of a specifier; empty where it is none, or where it names no version at all."""
    try:
        return tuple(s for s in SpecifierSet(text))
    except InvalidSpecifier:
        return ()


def _version(specifier: Specifier) -> Version:
    return Version(specifier.version.removesuffix(".*"))


def _is_satisfiable(specifiers: tuple[Specifier, ...]) -> bool:
    """Whether some version satisfies all: one of those named, one right after it, or one beyond all of them."""
    named = [_version(s) for s in specifiers]
    after = [Version(f"{v.epoch}!{v.base_version.rpartition('!')[2]}.0.0.1") for v in named]
    nexts = [Version(f"{v.epoch}!{v.major}.{v.minor}.{v.micro + 1}") for v in named]
    whole = SpecifierSet(",".join(map(str, specifiers)))
    far = Version(f"{max(v.epoch for v in named)}!{max(v.major for v in named) + 1}")
    return any(whole.contains(v, prereleases=True) for v in (Version("0"), *named, *after, *nexts, far))
