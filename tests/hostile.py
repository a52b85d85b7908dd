"""Skills that are made to hang, to crash or to fool the validator; how a run on one of them has to end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from commands import Result
from skill_validator.bounded import PATIENCE

SECONDS = 10
HEAD = "---\nname: orders\ndescription: Orders in Python. Use when code takes orders.\n---\n# Orders\n\n"


def ends(run: Callable[..., Result], root: Path) -> Result:
    """The end of a run: in time, with a status that is documented, without a traceback."""
    begun, worked = time.monotonic(), _worked()
    result = run("--static", "--format", "concise", root)
    assert _worked() - worked < SECONDS
    assert time.monotonic() - begun < PATIENCE * SECONDS
    assert result.code in {0, 1, 2}
    assert "Traceback" not in result.stderr + result.stdout
    assert all(line.isprintable() for line in result.stdout.splitlines())
    assert (result.code == 2) == (result.stderr != "")
    return result


def _worked() -> float:
    """The seconds that processors gave to this process and to its children that have ended."""
    return sum(os.times()[:4])


def skill(root: Path, text: str = HEAD) -> Path:
    """A folder with this text as its SKILL.md."""
    root.mkdir(exist_ok=True)
    (root / "SKILL.md").write_bytes(text.encode())
    return root
