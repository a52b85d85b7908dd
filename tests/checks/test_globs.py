"""Checks of the patterns that make a skill load."""

from __future__ import annotations

from packages import found, lone, package
from skill_validator.model import Skill
from tables import Faults, NearMisses, each_fault, each_near_miss


def patterns(paths: str, copies: str | None = None) -> Skill:
    """The package with this `paths`, and the same or another `path_patterns`."""
    return package(
        {
            "SKILL.md": [
                ('\npaths: ["*.py", "Pipfile"]', f"\npaths: {paths}"),
                ('path_patterns: ["*.py", "Pipfile"]', f"path_patterns: {copies or paths}"),
            ]
        }
    )


def lone_paths(paths: str) -> Skill:
    """A stranger's skill with this `paths`."""
    return lone(f"---\nname: orders\ndescription: Orders.\npaths: {paths}\n---\n")


FAULTS: Faults = {
    "invalid-glob": {
        "a pattern is empty": (lone_paths("['']"), ["SKILL.md:4: paths: '' is blank"]),
        "a pattern is a comment": (lone_paths("['#a']"), ["SKILL.md:4: paths: '#a' is blank"]),
        "a list in one text ends in a comma": (lone_paths("'*.py,'"), ["SKILL.md:4: paths: '' is blank"]),
        "a backslash separates": (
            lone_paths(r"['src\*.py']"),
            [r"SKILL.md:4: paths: 'src\\*.py' is written with a backslash, which escapes and does not separate"],
        ),
        "a path is absolute": (
            lone_paths("[/home/ann/*.py]"),
            ["SKILL.md:4: paths: '/home/ann/*.py' is not a path inside the project"],
        ),
        "a path is at home": (
            lone_paths("['~/a.py']"),
            ["SKILL.md:4: paths: '~/a.py' is not a path inside the project"],
        ),
        "a path leaves the project": (
            lone_paths("['src/../../*.py']"),
            ["SKILL.md:4: paths: 'src/../../*.py' is not a path inside the project"],
        ),
        "a negation of nothing": (
            lone_paths("['*.py', '!']"),
            ["SKILL.md:4: paths: '!' is not a gitignore pattern"],
        ),
        "a pattern is given twice": (
            lone_paths("\n  - '*.py'\n  - '*.py'"),
            ["SKILL.md:6: paths: '*.py' is given twice"],
        ),
        "there are negations only": (
            lone_paths("['!*.py']"),
            ["SKILL.md:4: paths: only negations, so nothing is matched"],
        ),
        "both fields are wrong": (
            patterns("['', '*.py', Pipfile]"),
            ["SKILL.md:6: paths: '' is blank", "SKILL.md:7: path_patterns: '' is blank"],
        ),
    },
    "unequal-paths": {
        "a pattern is in one only": (
            patterns("['*.py', Pipfile]", "['*.py', '*.pyi']"),
            ["SKILL.md:7: differs from paths: *.pyi, Pipfile"],
        ),
        "the order differs": (
            patterns("['*.py', Pipfile]", "[Pipfile, '*.py']"),
            ["SKILL.md:7: differs from paths: another order"],
        ),
    },
    "missed-sample": {
        "a sample is not matched": (
            patterns("['*.py']"),
            ["manifest.json:45: paths do not match Pipfile"],
        ),
        "a negation takes a sample back": (
            patterns("['*.py', Pipfile, '!src/*.py']"),
            ["manifest.json:44: paths do not match src/app.py"],
        ),
    },
    "overreaching-glob": {
        "everything is matched": (patterns("['*']"), ["manifest.json:48: paths match README.md"]),
    },
}

NEAR_MISSES: NearMisses = {
    "invalid-glob": {
        "the package is sound": package(),
        "a skill without paths": lone("---\nname: orders\ndescription: Orders.\n---\n"),
        "a negation beside a pattern": lone_paths("['*.py', '!test_*.py']"),
        "two dots in a name": lone_paths("['a..b.py']"),
        "all of a folder": lone_paths("['src/**/*.py']"),
        "one text with commas": lone_paths("'*.py, *.pyi'"),
        "a character class": lone_paths("['[a-c]*.py']"),
    },
    "unequal-paths": {
        "the package is sound": package(),
        "only the client's field": lone_paths("['*.py']"),
        "one is a text and one a list": patterns("'*.py, Pipfile'", "['*.py', Pipfile]"),
    },
    "missed-sample": {
        "the package is sound": package(),
        "a skill without a manifest": lone_paths("['*.pyi']"),
        "an invalid pattern has its own check": patterns("['']"),
        "a manifest without samples has its own check": package({"manifest.json": ('"match"', '"matches"')}),
        "samples that are no texts have their own check": package(
            {"manifest.json": ('"match": [\n      "src/app.py",\n      "Pipfile"\n    ]', '"match": [1]')}
        ),
        "missing paths have their own check": package({"SKILL.md": ('\npaths: ["*.py", "Pipfile"]', "")}),
    },
    "overreaching-glob": {
        "the package is sound": package(),
        "activation is no object": package(
            {"manifest.json": ('"activation": {', '"activation": [], "activations": {')}
        ),
    },
}


@each_fault(FAULTS)
def test_fault(check: str, skill: Skill, expected: list[str]) -> None:
    assert found(skill, check) == expected


@each_near_miss(NEAR_MISSES)
def test_near_miss(check: str, skill: Skill) -> None:
    assert found(skill, check) == []
