"""Comments that silence a finding: where they may stand, what they reach, and how they are judged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packages import lone, package
from skill_validator import silencing
from skill_validator.checks import CHECKS
from skill_validator.diagnostics import Check, Severity
from skill_validator.model import Skill
from skill_validator.outcomes import Run
from skill_validator.silencing import examine
from tables import Faults, NearMisses, silent, told

HEAD = "---\nname: orders\ndescription: Use when orders come in.\n---\n# Orders\n\n"
DEAD = "[gone](gone.md)"
WHY = "made at release"


def page(text: str) -> Skill:
    """A skill with this body from its line 7 on."""
    return lone(HEAD + text)


FAULTS: Faults = {
    "idle-silencer": {
        "the fault is mended": (
            page(f"<!-- validate: ignore[dead-link] {WHY} -->\ntext\n"),
            ["SKILL.md:7: nothing of 'dead-link' is here to silence"],
        ),
        "one of two names is idle": (
            page(f"<!-- validate: ignore[dead-link, dead-anchor] {WHY} -->\n{DEAD}\n"),
            ["SKILL.md:7: nothing of 'dead-anchor' is here to silence"],
        ),
        "the fault is two lines below": (
            page(f"<!-- validate: ignore[dead-link] {WHY} -->\ntext\n{DEAD}\n"),
            ["SKILL.md:7: nothing of 'dead-link' is here to silence"],
        ),
        "nobody knows the check": (
            page(f"{DEAD} <!-- validate: ignore[dead-links] {WHY} -->\n"),
            ["SKILL.md:7: no check that a comment may silence is called 'dead-links'"],
        ),
        "a silencer silences silencers": (
            page(f"<!-- validate: ignore[idle-silencer] {WHY} -->\n"),
            ["SKILL.md:7: no check that a comment may silence is called 'idle-silencer'"],
        ),
        "it names no check": (
            page(f"<!-- validate: ignore dead-link {WHY} -->\n{DEAD}\n"),
            ["SKILL.md:7: a silencer that names no check"],
        ),
    },
    "unexplained-silencer": {
        "no reason is given": (
            page(f"<!-- validate: ignore[dead-link] -->\n{DEAD}\n"),
            ["SKILL.md:7: no reason to silence dead-link"],
        ),
        "no reason is given in frontmatter": (
            lone("---\nname: orders\ndescription: Use when.\nzoo: 1 # validate: ignore[unknown-field]\n---\n"),
            ["SKILL.md:4: no reason to silence unknown-field"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "idle-silencer": {
        "the package is sound": package(),
        "it silences": page(f"<!-- validate: ignore[dead-link] {WHY} -->\n{DEAD}\n"),
        "it is shown as code": page(
            f"Write `<!-- validate: ignore[dead-link] {WHY} -->`:\n\n```markdown\n<!-- validate: ignore[x] y -->\n```\n"
        ),
        "its check was not run": page(f"<!-- validate: ignore[toothless-proof] {WHY} -->\ntext\n"),
        "no reason is given, which has its own check": page(f"<!-- validate: ignore[dead-link] -->\n{DEAD}\n"),
    },
    "unexplained-silencer": {
        "the package is sound": package(),
        "a reason is given": page(f"<!-- validate: ignore[dead-link] {WHY} -->\n{DEAD}\n"),
        "it names no check, which has its own check": page(f"<!-- validate: ignore -->\n{DEAD}\n"),
    },
}

SILENT: dict[str, tuple[Skill, str]] = {
    "above the line": (page(f"<!-- validate: ignore[dead-link] {WHY} -->\n{DEAD}\n"), "SKILL.md:8 dead-link"),
    "above the line, with a blank one between": (
        page(f"<!-- validate: ignore[dead-link] {WHY} -->\n\n{DEAD}\n"),
        "SKILL.md:9 dead-link",
    ),
    "on the line": (page(f"{DEAD} <!-- validate: ignore[dead-link] {WHY} -->\n"), "SKILL.md:7 dead-link"),
    "in a row of a table": (
        page(f"| a |\n|---|\n| {DEAD} <!-- validate: ignore[dead-link] {WHY} --> |\n"),
        "SKILL.md:9 dead-link",
    ),
    "above a block": (
        page(f"<!-- validate: ignore[syntax-error] {WHY} -->\n```python\na = 1\nb = (\n```\n"),
        "SKILL.md:10 syntax-error",
    ),
    "in a block": (
        page(f"```python\ntotal = 1\nprint(totl)  # validate: ignore[undefined-name] {WHY}\n```\n"),
        "SKILL.md:9 undefined-name",
    ),
    "in frontmatter": (
        lone(f"---\nname: orders\ndescription: Use when.\n# validate: ignore[unknown-field] {WHY}\nzoo: 1\n---\n"),
        "SKILL.md:5 unknown-field",
    ),
    "first in frontmatter, for the page as a whole": (
        lone(
            f"---\n# validate: ignore[oversized-skill] {WHY}\nname: orders\ndescription: Use when.\n---\n" + "\n" * 500
        ),
        "SKILL.md:1 oversized-skill",
    ),
    "in the manifest": (
        package(
            {"manifest.json": ('"ruleCount": 2', f'"//": "validate: ignore[stale-manifest] {WHY}",\n  "ruleCount": 9')}
        ),
        "manifest.json:7 stale-manifest",
    ),
    "in a module of proofs": (
        package(
            {
                "tests/proofs/test_skill.py": (
                    "async def",
                    f"# validate: ignore[orphaned-proof] {WHY}\nasync def test_no(example): ...\nasync def",
                )
            }
        ),
        "tests/proofs/test_skill.py:2 orphaned-proof",
    ),
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)


@pytest.mark.parametrize(("skill", "silenced"), SILENT.values(), ids=SILENT)
def test_where_a_silencer_may_stand(skill: Skill, silenced: str) -> None:
    kept, silent = examine(skill, CHECKS)
    assert kept == ()
    assert [(f"{s.diagnostic.path}:{s.diagnostic.line} {s.diagnostic.check}", s.reason) for s in silent] == [
        (silenced, WHY)
    ]


def test_a_finding_of_safety_is_never_silenced() -> None:
    def find(skill: Skill) -> list[tuple[Skill, str]]:
        return [(skill, "a secret")]

    leak = Check("leaked-secret", "safety", "Nothing leaks.", Severity.ERROR, find)
    skill = lone(f"---\n# validate: ignore[leaked-secret] {WHY}\nname: orders\ndescription: Use when.\n---\n")
    kept, silent = examine(skill, [leak, *CHECKS])
    assert [d.check for d in kept] == ["leaked-secret", "idle-silencer"]
    assert silent == ()


def test_a_silencer_of_proofs_is_judged_only_where_they_ran() -> None:
    skill = page(f"<!-- validate: ignore[toothless-proof] {WHY} -->\ntext\n")
    ran = replace(skill, run=Run((), {}))
    assert [[d.check for d in examine(s, CHECKS)[0]] for s in (skill, ran)] == [[], ["idle-silencer"]]


def test_a_silencer_of_a_check_that_was_not_chosen_is_not_judged() -> None:
    skill = page(f"<!-- validate: ignore[dead-link] {WHY} -->\ntext\n")
    chosen = [c for c in CHECKS if c.name != "dead-link"]
    assert examine(skill, chosen) == ((), ())


def test_two_findings_of_one_line_have_one_reason() -> None:
    skill = page(f"{DEAD} [lost](lost.md) <!-- validate: ignore[dead-link] {WHY} -->\n")
    kept, silent = examine(skill, CHECKS)
    assert (kept, len(silent)) == ((), 2)
    assert {s.reason for s in silent} == {WHY}


def test_two_processes_find_in_a_long_skill_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    skill = package({"SKILL.md": ("**Total: 2", "**Total: 3")}, add={"references/more.md": "[a](gone.md)\n"})
    alone = examine(skill, CHECKS)
    monkeypatch.setattr(silencing, "LONG", 0)
    assert examine(skill, CHECKS) == alone
    assert {"dead-link", "wrong-count"} <= {d.check for d in alone[0]}


def test_of_a_hundred_and_more_findings_of_a_kind_in_a_file_the_number_is_told() -> None:
    links = "\n".join(f"[a](gone-{n}.md)" for n in range(1200))
    for page, last in (
        (links, "no such file: gone-100.md (and 1,099 more in this file)"),
        (links[: links.index("[a](gone-101")], "no such file: gone-100.md"),
    ):
        dead = [d for d in examine(lone(page), CHECKS)[0] if d.check == "dead-link"]
        assert (len(dead), dead[-1].line, dead[-1].message) == (101, 101, last)


def test_a_silencer_is_of_use_beyond_what_is_told() -> None:
    links = [f"[a](gone-{n}.md)" for n in range(120)]
    links[110] += " <!-- validate: ignore[dead-link] shown on purpose -->"
    kept, silent = examine(lone("\n".join(links)), CHECKS)
    assert [s.diagnostic.line for s in silent] == [111]
    assert [d.message for d in kept if d.check == "dead-link"][
        -1
    ] == "no such file: gone-100.md (and 18 more in this file)"
    assert not any(d.check == "idle-silencer" for d in kept)
