"""Evidence -> one page of HTML that needs nothing else: no script, no font, no other file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .evidence import Evidence

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Occasion:
    """When, where and on what the run took place; `matrix` is the record of `scripts/matrix.py`, if there is one."""

    day: str
    commit: str
    machine: str
    matrix: Mapping[str, Any] | None


def page(evidence: Evidence, occasion: Occasion) -> str:
    """The evidence page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = "{:,}".format
    template = environment.get_template("evidence.html")
    css = (TEMPLATES / "evidence.css").read_text(encoding="utf-8")
    return template.render(evidence=evidence, occasion=occasion, css=css)
