"""From data to the page: what a benchmark measured is committed as JSON, and its page shows what that JSON gives."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from skill_validator.markdown import read_document
from skill_validator.parts import Example

ROOT = Path(__file__).parents[2]
DATA = ROOT / "scripts" / "benchmarks" / "data"
REFERENCES = ROOT / "references"


def examples(name: str) -> dict[str, Example]:
    """The first Python block of each section of `references/<name>.md`: what is measured is what the page shows."""
    page = REFERENCES / f"{name}.md"
    found = read_document(page, page.read_text(encoding="utf-8")).examples
    blocks = [e for e in found if e.language == "python" and not e.is_setup]
    return {e.section: e for e in blocks if not e.ordinal}


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A pipe table; numbers stand to the right."""
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    ruler = ["---:" if cell[:1].isdigit() else "---" for cell in cells[1]]
    return "\n".join(f"| {' | '.join(line)} |" for line in (cells[0], ruler, *cells[1:]))


def times(ratio: float) -> str:
    """A ratio as the page shows it: one digit after the point where it says something."""
    return f"{ratio:.1f}" if ratio < 10 else f"{ratio:,.0f}"


def load(name: str) -> dict[str, Any]:
    """The committed measurement of a benchmark."""
    data: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return data


def shown(text: str, name: str) -> str:
    """What the page shows as measured by `name`. Raises ValueError when it has no place for it."""
    begin, end = _marks(name)
    return text[text.index(begin) + len(begin) : text.index(end)].strip()


def save(name: str, data: dict[str, Any], blocks: dict[str, str], page: Path | None = None) -> None:
    """Commit a measurement to its file and its blocks to `references/<name>.md`, or to `page`, each in one step."""
    _write(DATA / f"{name}.json", json.dumps(data, indent=1) + "\n")
    page = page or REFERENCES / f"{name}.md"
    text = page.read_text(encoding="utf-8")
    for mark, block in blocks.items():
        begin, end = _marks(mark)
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{block}\n\n{end}{rest.split(end)[1]}"
    _write(page, text)


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- measured: {name} -->", f"<!-- /measured: {name} -->"


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
