"""A skill -> the numbers that it states of itself, with their lines: of rules, categories, references, list items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from .model import Skill
from .parts import Row

WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
NUMBER = rf"(?<![\w.+~<>=-])(\d{{1,4}}|{'|'.join(WORDS)})(?![+%\w-])"
BOTH = re.compile(
    rf"{NUMBER} (?:[a-z-]+ ){{0,2}}rules?(?: pages)?,? (?:across|in|over|from|and) {NUMBER} categor", re.IGNORECASE
)
RULES = re.compile(rf"(?:\ball|\bhas|\bcontains?|total:) {NUMBER} rules\b|{NUMBER} rule pages\b", re.IGNORECASE)
BARE = re.compile(rf"(?:^|[,;:(] ?|\bwith |\band ){NUMBER} rules\b", re.IGNORECASE)  # in a description alone
CATEGORIES = re.compile(rf"\b(?:across|into|all|in|has|are) {NUMBER} categories\b", re.IGNORECASE)
TRAPS = re.compile(rf"(?:\ball|\bhas|\bcontains?|\bwith|\band|total:) {NUMBER} traps\b", re.IGNORECASE)
OWN_TRAPS = re.compile(  # of a page
    rf"\bthis page (?:has|holds|shows|lists|names|describes|is about) {NUMBER} traps\b"
    rf"|\b(?:the|these|its|all) {NUMBER} traps (?:below|here|(?:of|on|in) this page)\b"
    rf"|\b(?:below|here) are {NUMBER} traps\b",
    re.IGNORECASE,
)
REFERENCES = re.compile(rf"{NUMBER} (?:references(?!/)|reference (?:files|pages|documents|guides))\b", re.IGNORECASE)
COUNTED = ((RULES, "rules"), (CATEGORIES, "categories"), (REFERENCES, "references"), (TRAPS, "traps"))

NOUNS = "steps|rules|points|options|checks|questions|principles|items|reasons|criteria"
ANNOUNCED = re.compile(  # at the end of a paragraph, right above a list
    rf"\b(?:these|the(?: following)?|following|has|have|are|in) {NUMBER} (?:[a-z-]+ )?({NOUNS})(?: below)?\W*:\W*$"
    rf"|\b(?:these|the|following) {NUMBER} (?:[a-z-]+ )?({NOUNS}) below[.:]$",
    re.IGNORECASE,
)
ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s")


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that SKILL.md states: `what` is counted, and whether it stands in a sentence about all rules."""

    path: Path
    line: int
    what: str
    number: int
    is_total: bool = False


def claims(skill: Skill) -> Iterator[Claim]:
    """Every number in the description, the headings and the prose of SKILL.md that counts its rules or references."""
    for line, text in _lines(skill):
        yield from _claims(skill.path, line, text)
    described = skill.main.frontmatter.text("description") if skill.manifest else ""
    known = {claim.number for claim in _claims(skill.path, 1, described) if claim.what == "rules"}
    for found in BARE.finditer(described):
        if _number(found[1]) not in known:
            yield Claim(skill.path, skill.main.frontmatter.at("description").line, "rules", _number(found[1]))


def _lines(skill: Skill) -> Iterator[tuple[int, str]]:
    main = skill.main
    yield main.frontmatter.at("description").line, main.frontmatter.text("description")
    yield from ((heading.line, heading.text) for heading in main.headings)
    yield from ((row.line, cell) for row in main.prose for cell in row.cells)


def _claims(path: Path, line: int, text: str) -> Iterator[Claim]:
    if not any(word in text for word in ("rule", "categor", "reference", "traps")):
        return
    said: set[tuple[str, int]] = set()
    for both in BOTH.finditer(text):
        said |= {("rules", _number(both[1])), ("categories", _number(both[2]))}
    is_total = bool(said)
    for pattern, what in COUNTED:
        said |= {(what, _number(next(g for g in found.groups() if g))) for found in pattern.finditer(text)}
    yield from (Claim(path, line, what, number, is_total) for what, number in sorted(said))


def _number(text: str) -> int:
    return WORDS.get(text.lower()) or int(text)


def trap_counts(skill: Skill) -> Iterator[tuple[Row, int, int]]:
    """The lines of pages that give the number of their traps: the row, the number, the truth."""
    for page in skill.pages:
        for row in page.paragraphs:
            if "traps" in row.cells[0] and (found := OWN_TRAPS.search(row.cells[0])):
                yield row, _number(next(filter(None, found.groups()))), len(page.traps)


def announcements(skill: Skill) -> Iterator[tuple[Row, int, str, int]]:
    """The paragraphs that give the number of items in the list right below: the row, the number, of what, the truth.

    Only where the section holds no further list, and no block between the items, is the truth certain.
    """
    for document in skill.documents:
        lines: list[str] = []
        for row in document.paragraphs:
            if row.cells[0].endswith((":", "below.")) and (found := ANNOUNCED.search(row.cells[0])):
                lines = lines or document.text.split("\n")
                said, noun = found[1] or found[3], found[2] or found[4]
                true = _items(lines[row.line :])
                if true and true != _number(said):
                    yield row, _number(said), noun.lower(), true


def _items(below: list[str]) -> int:
    """How many items the list has that these lines begin with, up to the next heading; 0 where that is not certain."""
    end = next((n for n, line in enumerate(below) if line.startswith("#")), len(below))
    plain = [line for line in below[:end] if line.strip() and not line[0].isspace()]
    items = list(takewhile(ITEM.match, plain))
    return 0 if any(ITEM.match(line) or line.startswith(("```", "~~~")) for line in plain[len(items) :]) else len(items)
