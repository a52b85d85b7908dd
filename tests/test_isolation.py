"""How often a side is run, and which of its runs count. The processes themselves are tested in test_proving*."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from types import SimpleNamespace
from typing import Any

import pytest
from skill_validator import isolation
from skill_validator.outcomes import SLOW, Ending

Runs = dict[str, list[tuple[Ending, float]]]


def patience(item: Any) -> int:
    return 3 if item.nodeid.startswith("project") else 1


def told(monkeypatch: pytest.MonkeyPatch, runs: Runs, rounds: int = 1) -> list[tuple[str, float]]:
    """What is told of sides whose runs end like this: name and seconds, infinite where the outcome is to follow."""
    options = {"--skill-jobs": 1, "--skill-rounds": rounds, "--skill-patience": 100.0}
    items: list[Any] = [SimpleNamespace(nodeid=name, config=SimpleNamespace(getoption=options.get)) for name in runs]
    left = {name: list(endings) for name, endings in runs.items()}

    def at_once(chosen: list[Any], _events: int, _jobs: int) -> Iterator[tuple[Any, dict[str, object]]]:
        for item in chosen:
            ending, seconds = left[item.nodeid].pop(0)
            yield item, {"name": item.nodeid, "ending": ending.value, "seconds": seconds}

    monkeypatch.setattr(isolation, "_at_once", at_once)
    monkeypatch.setattr(isolation, "_patience", patience)
    events: list[dict[str, Any]] = list(isolation._results(items, 0))
    assert not any(left.values())
    results = [event.get("outcome") or {"name": event["postponed"], "seconds": inf} for event in events]
    return [(result["name"], result["seconds"]) for result in results]


def test_a_slow_side_is_run_once_more_alone_and_the_better_time_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = {"slow": [(Ending.HELD, SLOW + 2), (Ending.HELD, 0.5)], "quick": [(Ending.HELD, 0.1)]}

    assert told(monkeypatch, runs) == [("slow", inf), ("quick", 0.1), ("slow", 0.5)]


def test_a_side_that_did_not_hold_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = {"sound": [(Ending.HELD, 0.1), (Ending.HELD, 0.2)], "broken": [(Ending.FAILED, SLOW + 2)]}

    assert told(monkeypatch, runs, rounds=2) == [("sound", 0.1), ("broken", SLOW + 2), ("sound", 0.2)]


def test_without_proofs_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, {}) == []


def test_projects_are_spread_over_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    sides = ["project 1", "project 2", *"abcd", "project 3"]
    runs: Runs = {name: [(Ending.HELD, 0.1)] for name in sides}

    order = [name for name, _ in told(monkeypatch, runs)]

    assert order == ["project 1", "a", "project 2", "b", "project 3", "c", "d"]


def test_projects_alone_are_run_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, {"project": [(Ending.HELD, 0.1)]}) == [("project", 0.1)]
