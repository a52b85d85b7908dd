"""What a page shows as measured is what the committed data gives, and its sentences hold on that data."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from measuring import pages
from measuring.race import race, ratios

ROOT = Path(__file__).parents[1]
PAGES = ["bulk_writes", "eager_loading"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_shows_what_the_data_gives(name: str) -> None:
    benchmark = importlib.import_module(f"benchmarks.{name}")
    page = (pages.REFERENCES / f"{benchmark.PAGE}.md").read_text(encoding="utf-8")
    blocks = benchmark.blocks(pages.load(benchmark.PAGE))

    assert {mark: pages.shown(page, mark) for mark in blocks} == blocks


def test_bulk_writes_say_what_was_measured() -> None:
    data = pages.load("bulk-writes")
    time = {way: of["ratio"] for way, of in {**data["inserts"], **data["upserts"]}.items()}
    chunks = data["chunks"]

    assert time["flush-per-row"] == max(time.values())
    assert time["add-all"] > 2 * time["rows-as-parameters"]
    assert time["rows-in-the-statement"] > 2 * time["rows-as-parameters"]
    assert time["rows-as-parameters"] > 1.5 * max(time["unnest"], time["copy"])
    assert chunks["5000"]["time"] < 1.5 * chunks["50000"]["time"]
    assert chunks["50000"]["memory"] > 4 * chunks["5000"]["memory"]


def test_eager_loading_says_what_was_measured() -> None:
    strategies = pages.load("eager-loading")["strategies"]
    everybody = {strategy: of["all"] for strategy, of in strategies.items()}

    assert strategies["one-by-one"]["time"] == max(of["time"] for of in strategies.values())
    assert everybody["selectinload"]["statements"] == 1 + -(-1200 // 500)
    assert everybody["joinedload"]["values"] > 2 * everybody["selectinload"]["values"]


def test_saving_replaces_the_block_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "a\n<!-- measured: x -->\n\nold\n\n<!-- /measured: x -->\nb\n"
    monkeypatch.setattr(pages, "DATA", tmp_path)
    monkeypatch.setattr(pages, "REFERENCES", tmp_path)
    (tmp_path / "x.md").write_text(page)
    pages.save("x", {"rows": 1}, {"x": "new"})
    fresh = (tmp_path / "x.md").read_text()

    assert fresh == page.replace("old", "new")
    assert (pages.load("x"), pages.shown(fresh, "x")) == ({"rows": 1}, "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.json", "x.md"]


async def test_contenders_take_turns_and_the_median_counts() -> None:
    order: list[str] = []

    def contender(name: str, seconds: list[float]) -> Callable[[], Any]:
        async def run() -> float:
            order.append(name)
            return seconds.pop(0)

        return run

    found = await race({"a": contender("a", [1, 9, 2]), "b": contender("b", [4, 4, 4])}, rounds=3)

    assert (order, found) == (["a", "b", "b", "a", "a", "b"], {"a": 2, "b": 4})
    assert ratios(found) == {"a": 1, "b": 2}
