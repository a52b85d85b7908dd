"""Every detector finds its page's Incorrect example, and lets every Correct one be."""

from __future__ import annotations

from pathlib import Path

import pytest
from scanner.detectors import DETECTORS
from scanner.scanning import Scanner
from skill_validator.parts import Example, Trap, Verdict
from skill_validator.skill import read_skill

SKILL = read_skill(Path(__file__).parents[2])
TRAPS = {(page.path.stem, trap.slug): trap for page in SKILL.pages for trap in page.traps}
CORRECT = [
    pytest.param(example, id=f"{page}-{slug}-{number}")
    for (page, slug), trap in TRAPS.items()
    for number, example in enumerate(trap.sides(Verdict.CORRECT))
]


def found(example: Example, *traps: str) -> list[tuple[str, str]]:
    """Trap and severity of what is found in an example with its Setup; the Setup's own is not counted."""
    setup = example.setup.code if example.setup else ""
    findings = Scanner(traps=traps or None).text("example.py", setup + example.code)
    return [(f.trap, f.severity) for f in findings if f.line > setup.count("\n")]


@pytest.mark.parametrize(
    ("trap", "severity"),
    [pytest.param(TRAPS[d.page, d.trap], d.severity, id=f"{d.page}-{d.trap}") for d in DETECTORS],
)
def test_an_incorrect_example_is_found_and_its_cure_is_not(trap: Trap, severity: str) -> None:
    assert [found(e, trap.slug)[:1] for e in trap.sides(Verdict.INCORRECT)] == [[(trap.slug, severity)]]
    assert [found(e, trap.slug) for e in trap.sides(Verdict.CORRECT)] == [[] for _ in trap.sides(Verdict.CORRECT)]


@pytest.mark.parametrize("example", CORRECT)
def test_no_correct_example_has_an_error(example: Example) -> None:
    assert [trap for trap, severity in found(example) if severity == "error" or trap == "failed-detector"] == []
