"""Skill and diagnostics -> Report: the numbers that stand under a report, counted and never written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .blocks import PARSERS
from .checks.budget import listing
from .diagnostics import Diagnostic, Severity
from .model import Document, Skill
from .outcomes import Ending
from .parts import Example, Verdict
from .silencing import Silenced

LEFT_OUT = {Ending.NOT_RUN, Ending.UNSUPPORTED}


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an output format may say of one skill."""

    skill: Skill
    diagnostics: tuple[Diagnostic, ...]
    static: bool
    silenced: tuple[Silenced, ...] = ()

    @property
    def light(self) -> Report:
        """The same report of a skill that was not run, without what no output shows of it.

        What travels from one process to another, and is kept while others are checked, is a tenth of the skill.
        """
        shown = {self.skill.root / d.path for d in self.diagnostics}
        texts = {path: text for path, text in self.skill.texts.items() if path in shown}
        documents = tuple(_light(d, keep=self.skill.manifest is not None) for d in self.skill.documents)
        light = Skill(self.skill.root, documents, frozenset(), texts, self.skill.manifest)
        return replace(self, skill=light)

    @property
    def path(self) -> str:
        """The skill's folder, relative to the working folder where that is shorter."""
        here = Path.cwd()
        root = self.skill.root
        return root.relative_to(here).as_posix() if root.is_relative_to(here) else root.as_posix()

    @property
    def name(self) -> str:
        """The skill's name by its frontmatter, else its folder's."""
        return self.skill.main.frontmatter.text("name") or self.skill.root.name

    @property
    def versions(self) -> Mapping[str, str]:
        """What the proofs ran on; empty when nothing ran."""
        return self.skill.run.versions if self.skill.run else {}

    @property
    def summary(self) -> dict[str, int]:
        """The numbers of the report."""
        outcomes = self.skill.run.outcomes if self.skill.run else ()
        executed = {e for o in outcomes if o.executed for e in o.files or (o.example,)}
        executed |= {e.setup for e in executed if e.setup}
        held = {o.example for o in outcomes if o.ending is Ending.HELD}
        traps = [trap for page in self.skill.pages for trap in page.traps]
        severities = [d.severity for d in self.diagnostics]
        return {
            "pages": len(self.skill.pages),
            "examples": len(_python(self.skill)),
            "executed": sum(e.language == "python" for e in executed),
            "traps": len(traps),
            "proven": sum(all(held.issuperset(s) and s for s in map(t.sides, Verdict)) for t in traps),
            "not_run": len(
                {
                    (o.example.path, o.example.section)
                    for o in outcomes
                    if o.ending in {Ending.NOT_RUN, Ending.UNSUPPORTED}
                }
            ),
            "errors": severities.count(Severity.ERROR.value),
            "warnings": severities.count(Severity.WARNING.value),
            "silenced": len(self.silenced),
        }

    @property
    def costs(self) -> Sequence[tuple[str, int]]:
        """The tokens that an agent pays: the listing always, SKILL.md when it loads, a page when it is read."""
        root = self.skill.root
        pages = [(d.path.relative_to(root).as_posix(), d.tokens) for d in self.skill.pages]
        return [("listing", listing(self.skill)), ("SKILL.md", self.skill.main.tokens), *pages]

    def slowest(self, count: int) -> Sequence[tuple[str, float]]:
        """The sides that took longest, with their seconds; empty when nothing ran."""
        outcomes = self.skill.run.outcomes if self.skill.run else ()
        longest = sorted(outcomes, key=lambda o: -o.seconds)[:count]
        root = self.skill.root
        return [(f"{o.example.path.relative_to(root).as_posix()}#{o.name}", o.seconds) for o in longest]

    @property
    def parsed(self) -> int:
        """How many blocks in other languages are parsed."""
        return sum(e.language in PARSERS for d in self.skill.documents for e in d.examples)


def _light(document: Document, *, keep: bool) -> Document:
    """A document's name, examples and traps, and the text where its size is told."""
    text = document.text if keep else ""
    return Document(
        document.path,
        text,
        document.frontmatter,
        document.has_frontmatter,
        examples=tuple(replace(e, code="", setup=None) for e in document.examples),
        traps=tuple(replace(t, examples=(), lints=()) for t in document.traps),
    )


def _python(skill: Skill) -> list[Example]:
    return [e for d in skill.documents for e in d.examples if e.language == "python"]
