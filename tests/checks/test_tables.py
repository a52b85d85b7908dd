"""The house rules of checks: both tables for each, a law in the positive, messages that name the culprit."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packages import found
from skill_validator.checks import CHECKS
from skill_validator.diagnostics import Check, Severity
from tables import Faults, NearMisses

NEGATIONS = re.compile(r"\b(must not|may not|cannot|should|forbidden|never)\b", re.IGNORECASE)
# A message begins in lower case, with a quoted word, or with the name of a file or of a rule of ruff.
MESSAGE = re.compile(r"([a-z']|SKILL\.md |[A-Z]+\d+ |limitless-refund\[).*[^.]", re.DOTALL)


def modules() -> Iterator[object]:
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        yield importlib.import_module(path.stem)


def faults() -> Faults:
    return {name: table for module in modules() for name, table in getattr(module, "FAULTS", {}).items()}


def near_misses() -> NearMisses:
    return {name: table for module in modules() for name, table in getattr(module, "NEAR_MISSES", {}).items()}


def test_every_check_has_a_table_of_faults_and_one_of_near_misses() -> None:
    names = sorted(c.name for c in CHECKS)
    assert sorted(faults()) == names
    assert sorted(near_misses()) == names
    assert all([*faults().values(), *near_misses().values()])


def test_no_two_checks_or_groups_share_a_name() -> None:
    names = [c.name for c in CHECKS]
    assert sorted(set(names)) == sorted(names)
    assert {c.group for c in CHECKS} & set(names) == set()


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_law_is_one_sentence_in_the_positive(check: Check) -> None:
    assert re.fullmatch(r"\S.*[^.]\.", check.law)
    assert NEGATIONS.findall(check.law) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_manual_shows_a_breach_and_how_to_mend_it(check: Check) -> None:
    assert re.search(r"Breach:\s+\S", check.manual)
    assert re.fullmatch(r"\S.*[^.]\.", check.remedy)


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_check_is_named_after_the_fault_in_two_or_three_words(check: Check) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+){1,2}", check.name)


def test_warnings_are_those_that_weaken_a_skill_and_do_not_break_it() -> None:
    weak = {c.name for c in CHECKS if c.severity is Severity.WARNING}
    assert weak == {
        "bare-fence",
        "boundless-glob",
        "deprecated-api",
        "giant-block",
        "idle-agent",
        "idle-silencer",
        "misread-value",
        "missing-contents",
        "missing-occasion",
        "mixed-line-ends",
        "not-run",
        "orphaned-page",
        "outside-link",
        "oversized-skill",
        "pasted-prompt",
        "piped-installer",
        "raised-warning",
        "repeated-item",
        "reserved-name",
        "slow-example",
        "tag-in-listing",
        "truncated-listing",
        "unchecked-types",
        "unknown-field",
        "unknown-library",
        "unknown-model",
        "unknown-tool",
        "unreachable-skill",
        "unused-import",
        "junk-file",
        "nested-skill",
        "unshipped-script",
        "load-command",
        "disabled-tls",
        "unsafe-call",
        "unsupported-proof",
        "shell-injection",
        "sql-injection",
        "unrestricted-tools",
        "tracking-image",
        "wiki-link",
    }


def test_messages_follow_the_house_rule() -> None:
    said = [line for c in CHECKS for skill, _ in faults()[c.name].values() for line in found(skill, c.name)]
    said = [line.split(": ", 1)[1] for line in said]
    assert [message for message in said if not MESSAGE.fullmatch(message)] == []
