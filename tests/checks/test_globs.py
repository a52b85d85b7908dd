"""Checks of the patterns that make a skill load."""

from __future__ import annotations

from packages import lone, package
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told


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
        "a regular expression": (
            lone_paths(r"['.*\.py$', '^src', '.*.py', '(a|b).py', 'src/[a-z]+', 'a\d.py']"),
            [
                rf"SKILL.md:4: paths: {pattern!r} is written as a regular expression, not as a gitignore pattern"
                for pattern in ("(a|b).py", ".*.py", r".*\.py$", "^src", r"a\d.py", "src/[a-z]+")
            ],
        ),
        "the patterns have no end": (
            lone_paths("'" + "a," * 500 + "b'"),
            ["SKILL.md:4: paths: 501 patterns, over 500"],
        ),
        "a pattern has no end": (
            lone_paths(f"['{'a*' * 501}']"),
            [f"SKILL.md:4: paths: '{('a*' * 501)[:492]}…"],
        ),
        "a bracket is open": (
            lone_paths("['[a-c.py', 'b]a[.py']"),
            [
                "SKILL.md:4: paths: '[a-c.py' is not a gitignore pattern: [ and ] lack each other",
                "SKILL.md:4: paths: 'b]a[.py' is not a gitignore pattern: [ and ] lack each other",
            ],
        ),
        "a brace is open": (
            lone_paths("['*.{py,pyi']"),
            ["SKILL.md:4: paths: '*.{py,pyi' is not a gitignore pattern: { and } lack each other"],
        ),
        "a path begins here": (
            lone_paths("[./src/*.py]"),
            ["SKILL.md:4: paths: './src/*.py' is written with a leading ./, which matches nothing"],
        ),
        "a blank stands at an end": (
            lone_paths("['*.py ']"),
            ["SKILL.md:4: paths: '*.py ' is written with a blank at an end, which belongs to the pattern"],
        ),
        "there is no pattern": (lone_paths("[]"), ["SKILL.md:4: paths: no pattern at all"]),
        "a path is on a drive": (
            lone_paths(r"['C:\src\*.py', 'c:/a.py']"),
            [
                r"SKILL.md:4: paths: 'C:\\src\\*.py' is not a path inside the project",
                "SKILL.md:4: paths: 'c:/a.py' is not a path inside the project",
            ],
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
        "both fields are wrong alike": (
            patterns("['', '*.py', Pipfile]"),
            ["SKILL.md:6: paths: '' is blank"],
        ),
        "the copy is wrong": (
            patterns("['*.py', Pipfile]", "['*.py', '']"),
            ["SKILL.md:7: path_patterns: '' is blank"],
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
        "the client's field is missing": (
            lone("---\nname: orders\ndescription: Orders.\npath_patterns: ['*.py']\n---\n"),
            ["SKILL.md:4: paths, which the client reads, is missing"],
        ),
    },
    "missed-sample": {
        "a sample is not matched": (
            patterns("['*.py']"),
            ["SKILL.md:6: paths do not match Pipfile"],
        ),
        "a sample is of another language": (
            package({"manifest.json": ('"Pipfile"', '"src/app.rs", "Pipfile"')}),
            ["manifest.json:45: paths do not match src/app.rs"],
        ),
        "a negation takes a sample back": (
            patterns("['*.py', Pipfile, '!src/*.py']"),
            ["SKILL.md:6: paths do not match src/app.py"],
        ),
    },
    "overreaching-glob": {
        "a pattern goes too far": (
            patterns("['*.py', Pipfile, '*.md']"),
            ["SKILL.md:6: paths: '*.md' matches README.md"],
        ),
        "a sample is on both lists": (
            package({"manifest.json": ('"README.md"', '"src/app.py"')}),
            ["manifest.json:48: src/app.py is to load the skill, and not to"],
        ),
    },
    "idle-glob": {
        "a pattern matches no sample": (
            patterns("['*.py', Pipfile, '*.pyx']"),
            ["SKILL.md:6: paths: '*.pyx' matches none of the samples"],
        ),
        "no pattern matches a sample": (
            patterns("['*.rs', Cargo.toml]"),
            ["SKILL.md:6: paths match none of the samples, such as src/app.py"],
        ),
    },
    "foreign-glob": {
        "targets are Python libraries": (
            lone_paths("['*.rs', Cargo.toml]\ntargets: {FastAPI: '>=0.1'}"),
            ["SKILL.md:4: paths match no file of a Python project, which targets are about"],
        ),
    },
    "boundless-glob": {
        "everything is matched": (patterns("['**/*', Pipfile]"), ["SKILL.md:6: paths: '**/*' matches every file"]),
        "everything is matched in few letters": (
            lone_paths("\n- '*.py'\n- '**'"),
            ["SKILL.md:6: paths: '**' matches every file"],
        ),
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
        "braces stand for alternatives": lone_paths("['src/**/*.{ts,tsx}']"),
        "one text with braces and commas": lone_paths("'*.{ts,tsx}, *.js'"),
        "more braces than are opened out": lone_paths(f"['{'{a,b}' * 12}.py']"),
        "names that look like expressions": lone_paths(
            "['.*', '.env.*', 'a+b.py', '*.c++', '$file.py', 'src/(app)/*.tsx', '.*rc']"
        ),
        "names with blanks": lone_paths("['My Reports/*.csv', 'Report *.pdf']"),
        "names with dots first": lone_paths("['.github/workflows/*.yml', 'docs/.well-known/**']"),
    },
    "unequal-paths": {
        "the package is sound": package(),
        "only the client's field": lone_paths("['*.py']"),
        "one is a text and one a list": patterns("'*.py, Pipfile'", "['*.py', Pipfile]"),
    },
    "missed-sample": {
        "a pattern in another case is told by itself": package(
            {
                "SKILL.md": [
                    ('\npaths: ["*.py"', '\npaths: ["*.PY"'),
                    ('path_patterns: ["*.py"', 'path_patterns: ["*.PY"'),
                ]
            }
        ),
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
        "a negation takes the sample back": patterns("['*.py', Pipfile, '*.md', '!README.md']"),
        "an invalid pattern has its own check": patterns("['*.md', '']"),
        "patterns that match no wanted sample have their own check": patterns("['*.md']"),
        "what matches everything has its own check": patterns("['*']"),
    },
    "idle-glob": {
        "the package is sound": package(),
        "a skill without a manifest": lone_paths("['*.pyx']"),
        "a negation is to match nothing": patterns("['*.py', Pipfile, '!test_*.py']"),
        "an invalid pattern has its own check": patterns("['*.py', '']"),
        "what matches an unwanted sample has its own check": patterns("['*.py', Pipfile, '*.md']"),
    },
    "foreign-glob": {
        "the package is sound": package(),
        "some file is of Python": lone_paths("['*.rs', 'pyproject.toml']\ntargets: {fastapi: '>=0.1'}"),
        "targets that are no Python libraries": lone_paths("['*.rs']\ntargets: {tokio: '>=1'}"),
        "no targets": lone_paths("['*.rs']"),
        "an invalid pattern has its own check": lone_paths("['']\ntargets: {fastapi: '>=0.1'}"),
    },
    "boundless-glob": {
        "the package is sound": package(),
        "a negation leaves some files out": lone_paths("['*', '!*.md']"),
        "all of one folder": lone_paths("['src/**']"),
        "all with a dot": lone_paths("['*.*']"),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
