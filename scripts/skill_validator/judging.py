"""What became of one side of a proof: from pytest's reports, or from the silence of a process that died.

An outcome travels from process to process as JSON; `proving` turns it into an Outcome again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .outcomes import Ending
from .parts import Example, Verdict
from .plugin import MESSAGE, MISSING, PLACE, lacking

FRAME = re.compile(r'File "(?P<path>.+\.md)", line (?P<line>\d+)')


def judge(item: pytest.Function, reports: list[pytest.TestReport]) -> dict[str, object]:
    """What the reports of setup, call and teardown say together."""
    message = item.stash.get(MESSAGE, "")
    failed = next((r for r in reports if r.failed), None)
    broken = Ending.WRONG_REASON if example_of(item).verdict is Verdict.INCORRECT else Ending.FAILED
    if failed is not None and str(failed.longrepr).startswith("[XPASS"):
        return result(item, Ending.TOOTHLESS, "the proof passes")
    if failed is not None:
        prefix = "" if failed.when == "call" else f"in {failed.when}: "
        reason = failed.longrepr if isinstance(failed.longrepr, str) else prefix + message
        return result(item, broken, reason)
    if any(r.skipped and not hasattr(r, "wasxfail") for r in reports):
        return result(item, *_why_not_run(item, message))
    if any(hasattr(r, "wasxfail") for r in reports) and not _must_fail(item):
        return result(item, broken, f"marked as an expected failure: {message}")
    return result(item, Ending.HELD, message)


def _why_not_run(item: pytest.Function, message: str) -> tuple[Ending, str]:
    if missing := item.stash.get(MISSING, ""):
        return Ending.NOT_RUN, missing
    unsupported = lacking(item)
    return (Ending.UNSUPPORTED, unsupported) if unsupported else (Ending.SKIPPED, message)


def explain_silence(item: pytest.Function, code: int | None, deadline: float, base: Path) -> dict[str, object]:
    """Of a side that reported nothing: killed at its deadline, or gone before it could say a word."""
    if code is not None:
        how = f"ended the process with status {code}" if code >= 0 else f"the process was killed by signal {-code}"
        last = _text(base / "output").strip().splitlines()[-1:]
        return result(item, Ending.DIED, ": ".join([how, *last])[:300])
    outcome = result(item, Ending.HUNG, f"still running after {deadline:g} s")
    stuck = FRAME.search(_text(base / "trace"))
    return outcome | {"path": stuck["path"], "line": int(stuck["line"])} if stuck else outcome


def result(item: pytest.Function, ending: Ending, message: str) -> dict[str, object]:
    """An outcome as it travels; its place is the line of the page that the error came from, else the example's."""
    example = example_of(item)
    place = item.stash.get(PLACE, None)
    return {
        "page": str(example.path),
        "example": example.line,
        "section": example.section,
        "ending": ending.value,
        "message": message,
        "path": str(example.path),
        "line": place.line if place and place.path == example.path else example.line,
        "executed": [],
        "seconds": 0.0,
        "incidents": [],
    }


def incident(example: Example, check: str, message: str) -> dict[str, object]:
    """Something that an example did, at its own line."""
    return {"check": check, "path": str(example.path), "line": example.line, "message": message}


def parameters(item: pytest.Item) -> Mapping[str, Any]:
    """The parameters of a test; empty where it has none."""
    return item.callspec.params if hasattr(item, "callspec") else {}


def example_of(item: pytest.Function) -> Example:
    """The example that this side of a proof is about."""
    example: Example = parameters(item)["example"]
    return example


def _must_fail(item: pytest.Function) -> bool:
    """Whether the plugin expects this side to fail; a mark that stands on the proof itself does not count."""
    return any(mark.name == "xfail" for mark in item.callspec.marks)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
