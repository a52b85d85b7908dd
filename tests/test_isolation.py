"""How often a side is run, and which of its runs count. The processes themselves are tested in test_proving."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from skill_validator import isolation
from skill_validator.outcomes import SLOW, Ending

Runs = dict[str, list[tuple[Ending, float]]]


def outcomes(monkeypatch: pytest.MonkeyPatch, runs: Runs, rounds: int = 1) -> list[tuple[str, float]]:
    """The name and seconds of each outcome that is told of sides whose runs end like this, one after the other."""
    options = {"--skill-jobs": 1, "--skill-rounds": rounds, "--skill-patience": 100.0}
    items: list[Any] = [SimpleNamespace(name=name, config=SimpleNamespace(getoption=options.get)) for name in runs]
    left = {name: list(endings) for name, endings in runs.items()}

    def at_once(chosen: list[Any], _events: int, _jobs: int) -> Iterator[tuple[Any, dict[str, object]]]:
        for item in chosen:
            ending, seconds = left[item.name].pop(0)
            yield item, {"name": item.name, "ending": ending.value, "seconds": seconds}

    monkeypatch.setattr(isolation, "_at_once", at_once)
    monkeypatch.setattr(isolation, "_patience", lambda _item: 1)
    told: list[dict[str, Any]] = list(isolation._outcomes(items, 0))
    assert not any(left.values())
    return [(outcome["name"], outcome["seconds"]) for outcome in told]


def test_a_slow_side_is_run_once_more_alone_and_the_better_time_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = {"slow": [(Ending.HELD, SLOW + 2), (Ending.HELD, 0.5)], "quick": [(Ending.HELD, 0.1)]}

    assert outcomes(monkeypatch, runs) == [("quick", 0.1), ("slow", 0.5)]


def test_a_side_that_did_not_hold_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = {"sound": [(Ending.HELD, 0.1), (Ending.HELD, 0.2)], "broken": [(Ending.FAILED, SLOW + 2)]}

    assert outcomes(monkeypatch, runs, rounds=2) == [("sound", 0.1), ("broken", SLOW + 2), ("sound", 0.2)]


def test_without_proofs_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcomes(monkeypatch, {}) == []
