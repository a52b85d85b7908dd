"""Checks of the libraries and versions that `targets` names."""

from __future__ import annotations

import json

import pytest
from packages import lone, package
from skill_validator.checks.versions import NOT_LIBRARIES
from skill_validator.lock import newest
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told

KNOWN = "the newest release known here"


def targets(**specifiers: object) -> Skill:
    """A skill with these targets from its line 5 on."""
    lines = "".join(f"  {name.replace('_', '-')}: {json.dumps(value)}\n" for name, value in specifiers.items())
    return lone(f"---\nname: orders\ndescription: Use when orders come in.\ntargets:\n{lines}---\n")


FAULTS: Faults = {
    "invalid-specifier": {
        "a word": (
            targets(anyio="newest"),
            ["SKILL.md:5: targets.anyio: 'newest' is not a version specifier such as '>=2.1'"],
        ),
        "a version alone": (
            targets(fastapi=">=0.1", anyio="4.16"),
            ["SKILL.md:6: targets.anyio: '4.16' is not a version specifier such as '>=2.1'"],
        ),
        "a specifier of npm": (
            targets(anyio="^4.16"),
            ["SKILL.md:5: targets.anyio: '^4.16' is not a version specifier such as '>=2.1'"],
        ),
        "a floor above its ceiling": (
            targets(anyio=">=3,<2"),
            ["SKILL.md:5: targets.anyio: no version satisfies '>=3,<2'"],
        ),
        "a floor at its open ceiling": (
            targets(anyio=">=3,<3"),
            ["SKILL.md:5: targets.anyio: no version satisfies '>=3,<3'"],
        ),
        "a version that is ruled out": (
            targets(anyio="==3.1,!=3.*"),
            ["SKILL.md:5: targets.anyio: no version satisfies '==3.1,!=3.*'"],
        ),
        "two versions at once": (
            targets(anyio="==3,==4"),
            ["SKILL.md:5: targets.anyio: no version satisfies '==3,==4'"],
        ),
        "a compatible release below its floor": (
            targets(anyio="~=2.1,>=3"),
            ["SKILL.md:5: targets.anyio: no version satisfies '~=2.1,>=3'"],
        ),
    },
    "unreleased-version": {
        "a floor": (
            targets(packaging=">=900.1"),
            [f"SKILL.md:5: targets.packaging: 900.1 is newer than {newest('packaging')}, {KNOWN}"],
        ),
        "a pinned version of a library with another spelling": (
            targets(Pydantic_Settings="==77.*"),
            [f"SKILL.md:5: targets.Pydantic-Settings: 77 is newer than {newest('pydantic-settings')}, {KNOWN}"],
        ),
    },
    "misspelt-library": {
        "a letter is missing": (
            targets(sqlachemy=">=2"),
            ["SKILL.md:5: no library 'sqlachemy' is known, did you mean 'sqlalchemy'"],
        ),
        "a letter is doubled": (
            targets(fastapii=">=0.1"),
            ["SKILL.md:5: no library 'fastapii' is known, did you mean 'fastapi'"],
        ),
    },
    "unknown-library": {
        "nobody knows it": (
            targets(leftpad_for_orders=">=1"),
            ["SKILL.md:5: no list here has a library 'leftpad-for-orders'"],
        ),
        "it differs in its number from one that is known": (
            targets(httpx7=">=1"),
            ["SKILL.md:5: no list here has a library 'httpx7'"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "invalid-specifier": {
        "the package is sound": package(),
        "a range": targets(anyio=">=4.1,<5,!=4.2.1"),
        "a narrow range": targets(anyio=">4.1,<4.1.1"),
        "one version only": targets(anyio=">=4.1,<=4.1"),
        "a pinned version": targets(anyio="==4.1.*"),
        "a compatible release": targets(anyio="~=4.1"),
        "a ceiling only": targets(anyio="<4"),
        "a pre-release": targets(anyio=">=4.1rc1,<4.2"),
        "versions of two epochs": targets(anyio=">=1!2,<1!3"),
        "a blank specifier has its own check": targets(anyio=" "),
        "another type has its own check": targets(anyio=4),
        "targets of another type have their own check": lone(
            "---\nname: orders\ndescription: O.\ntargets: anyio\n---\n"
        ),
        "a number for a name has its own check": lone("---\nname: orders\ndescription: O.\ntargets: {1: '>=2'}\n---\n"),
    },
    "unreleased-version": {
        "the package is sound": package(),
        "the newest release": targets(fastapi=f">={newest('fastapi')}"),
        "a ceiling beyond it": targets(fastapi=">=0.1,<99"),
        "its own series": targets(fastapi=f"=={str(newest('fastapi')).rpartition('.')[0]}.*"),
        "a library that nobody knows": targets(leftpad_for_orders=">=99"),
        "what contradicts itself has its own check": targets(fastapi=">=99,<98"),
        "what is no specifier has its own check": targets(fastapi="newest"),
    },
    "misspelt-library": {
        "the package is sound": package(),
        "a library in another spelling": targets(SQLAlchemy=">=2", pydantic_Settings=">=2"),
        "a library like no other has its own check": targets(leftpad_for_orders=">=1"),
        "it may be a library of its own": targets(httpx=">=0.28"),
    },
    "unknown-library": {
        "the package is sound": package(),
        "what is no library": targets(**dict.fromkeys(NOT_LIBRARIES, ">=3")),
        "it is installed, and not in the lock": targets(pip=">=20"),
        "a slip has its own check": targets(sqlachemy=">=2"),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)


@pytest.mark.parametrize("library", ["", "..", "a/b", "a b"])
def test_a_name_that_no_library_can_have_is_unknown(library: str) -> None:
    assert newest(library) is None
