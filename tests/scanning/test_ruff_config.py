"""references/ruff-rules.toml does what its comments say, on the examples of the pages."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruff import find_ruff_bin
from skill_validator.parts import Example, Verdict
from skill_validator.skill import read_skill

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "references" / "ruff-rules.toml"
NAMED = re.findall(r'^ +"([A-Z]+\d+)", +# ([a-z0-9-]+)', CONFIG.read_text(encoding="utf-8"), re.MULTILINE)
LINT = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["lint"]
SELECTED = [(code, trap) for code, trap in NAMED if code in LINT["extend-select"]]


def flagged(folder: Path, code: str, example: Example, *options: str) -> bool:
    """Whether ruff with these options reports a rule on an example."""
    source = (example.setup.code if example.setup else "") + example.code
    (folder / "example.py").write_text(source, encoding="utf-8")
    command = [find_ruff_bin(), "check", "--no-cache", "--output-format=json", "--exit-zero", *options, "example.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    before = example.setup.code.count("\n") if example.setup else 0
    return any(f["code"] == code and f["location"]["row"] > before for f in json.loads(done.stdout))


def sides(trap: str, verdict: Verdict) -> Iterator[Example]:
    for page in read_skill(ROOT).pages:
        yield from (e for t in page.traps if t.slug == trap for e in t.sides(verdict))


def test_every_rule_is_named_with_its_trap() -> None:
    assert [code for code, _ in NAMED] == [*LINT["extend-select"], *LINT["extend-ignore"]]


@pytest.mark.parametrize(("code", "trap"), SELECTED)
def test_a_selected_rule_finds_its_trap_and_not_the_cure(tmp_path: Path, code: str, trap: str) -> None:
    config = ("--config", str(CONFIG))

    assert all(flagged(tmp_path, code, e, *config) for e in sides(trap, Verdict.INCORRECT))
    assert not any(flagged(tmp_path, code, e, *config) for e in sides(trap, Verdict.CORRECT))


@pytest.mark.parametrize(
    ("code", "trap"), [("RUF029", "context-set-in-a-thread"), ("TC002", "import-for-checkers-only")]
)
def test_an_ignored_rule_speaks_against_the_cure(tmp_path: Path, code: str, trap: str) -> None:
    alone = ("--isolated", "--preview", f"--select={code}", "--target-version=py314")
    cures = list(sides(trap, Verdict.CORRECT))

    assert any(flagged(tmp_path, code, e, *alone) for e in cures)


def test_the_configuration_silences_the_ignored_rules(tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text(f'extend = "{CONFIG}"\n[lint]\nextend-select = ["RUF", "TC"]\n')
    cures = [*sides("context-set-in-a-thread", Verdict.CORRECT), *sides("import-for-checkers-only", Verdict.CORRECT)]

    assert not any(flagged(tmp_path, code, e) for code in LINT["extend-ignore"] for e in cures)
