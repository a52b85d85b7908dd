"""What a page shows as measured is what the committed data gives, and its sentences hold on that data."""

from __future__ import annotations

import importlib

import pytest
from benchmarks import pool_sizing, scanner, validator
from measuring import pages
from skill_validator.loading import load
from skill_validator.markdown import read_document
from skill_validator.parts import Verdict

PAGES = ["bulk_writes", "eager_loading", "pool_sizing"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_shows_what_the_data_gives(name: str) -> None:
    benchmark = importlib.import_module(f"benchmarks.{name}")
    page = (pages.REFERENCES / f"{benchmark.PAGE}.md").read_text(encoding="utf-8")
    blocks = benchmark.blocks(pages.load(benchmark.PAGE))

    assert {mark: pages.shown(page, mark) for mark in blocks} == blocks


def test_contributors_are_told_what_was_measured_of_the_scanner() -> None:
    data = pages.load(scanner.PAGE)
    blocks = scanner.blocks(data)
    text = scanner.DOCUMENT.read_text(encoding="utf-8")

    assert {mark: pages.shown(text, mark) for mark in blocks} == blocks
    assert data["million"]["lines"] >= scanner.MILLION
    assert data["million"]["megabytes"] < 300
    assert data["million"]["lines"] / data["million"]["seconds"] > 50_000  # on two cores 100,000
    assert max(data["race"]["ratios"], key=data["race"]["ratios"].get) == "pylint"


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

    for distance in ("time", "away"):
        assert strategies["one-by-one"][distance] == max(of[distance] for of in strategies.values())
    assert strategies["one-by-one"]["away"] > 1.5 * strategies["one-by-one"]["time"]
    assert strategies["selectinload"]["away"] < 1.3 * min(of["away"] for of in strategies.values())
    assert everybody["selectinload"]["statements"] == 1 + -(-1200 // 500)
    assert everybody["joinedload"]["values"] > 2 * everybody["selectinload"]["values"]


def test_pool_sizing_says_what_was_measured() -> None:
    """Also that the first table has the sizes that the formulas give, and that the bursts need the reserve."""
    data = pages.load("pool-sizing")
    waiting, busy, named = data["waiting"], data["busy"], data["named"]
    throughput = {int(size): of["throughput"] for size, of in waiting.items()}
    p99 = {int(size): of["p99"] for size, of in waiting.items()}
    best, law, reserve = max(throughput.values()), named["law"], named["law and half"]

    assert data["in_use"] == data["arrivals"] * data["held"]
    assert named == pool_sizing.named(data["in_use"], data["facts"]["cores"])
    assert throughput[named["divided by statements"]] < throughput[named["from cores"]] < 0.8 * best
    assert throughput[law] > 0.95 * best
    assert p99[named["from cores"]] > 5 * p99[reserve]
    assert p99[law] > 1.2 * p99[reserve]
    assert p99[reserve] < 1.5 * min(p99.values())
    assert throughput[reserve] > 0.98 * best
    assert max(of["throughput"] for of in busy.values()) < 1.3 * busy[str(4 * data["facts"]["cores"])]["throughput"]


def test_the_plot_is_drawn_from_the_committed_data() -> None:
    picture = (pages.REFERENCES / "pool-sizing.png").read_bytes()

    assert picture.startswith(b"\x89PNG")
    assert pool_sizing.fingerprint().encode() in picture


def test_pool_sizing_agrees_with_the_rule_and_the_index() -> None:
    """The page's law, the rule's Correct example and SKILL.md's formula give the same sizes."""
    root = pages.ROOT
    law = load(pages.examples("pool-sizing")["worked-example"]).pool_size
    rule = read_document(tuning := root / "rules" / "pooling-tuning.md", tuning.read_text(encoding="utf-8"))
    (example,) = (e for e in rule.examples if e.section == "cores-as-pool-size" and e.verdict is Verdict.CORRECT)
    correct = load(example).pool_size
    loads = [(arrivals, held) for arrivals in (7, 50, 75, 400) for held in (0.013, 0.047, 0.21)]

    assert [law(arrivals, held) for arrivals, held in loads] == [correct(*of, cores=2) for of in loads]
    assert "ceil(requests per second x seconds a connection is held x 1.5)" in (root / "SKILL.md").read_text("utf-8")


def test_contributing_shows_what_was_measured_of_the_validator() -> None:
    data = pages.load(validator.NAME)
    text = validator.PAGE.read_text(encoding="utf-8")
    cold, tree = data["cold"], data["tree"]

    assert {mark: pages.shown(text, mark) for mark in validator.blocks(data)} == validator.blocks(data)
    assert {*cold, *data["missing"]} == {validator.OURS, *validator.PEERS} == {*tree, *data["missing"]}
    assert tree[validator.OURS] < tree["agentskills (skills-ref)"] / 3
    assert cold[validator.OURS] < 5
    assert data["package"] < 5
    assert 0.4 < data["half"] < 0.7
    assert data["memory"] < 200
