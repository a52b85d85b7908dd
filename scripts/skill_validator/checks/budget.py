"""What an agent pays: four characters a token."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Faults, check, warning
from ..markdown import slug
from ..model import Document, Skill
from ..parts import Table

LISTING = 200
SKILL = 3000
FOREIGN_SKILL = 5000
LINES = 500
PAGE = 2000
MORE = 3000
LONG_REFERENCE = 100  # lines, from which on the public guidance wants a table of contents
TOP = 40  # lines in which a table of contents is looked for
ENTRIES = 3  # links to headings of the page itself that make one
LONG_BLOCK = 120  # lines of one block of code
CONTENTS = re.compile(
    r"(table of )?contents|toc|index|overview|in this (document|file|page|guide)|sections?|navigation", re.IGNORECASE
)
COST_HEADER = ("What an agent pays", "Tokens, at most")


def listing(skill: Skill) -> int:
    """The tokens that a client pays always: the name and the description."""
    frontmatter = skill.main.frontmatter
    return -(-len(frontmatter.text("name") + frontmatter.text("description")) // 4)


def cost_tables(skill: Skill) -> Iterator[tuple[Document, Table]]:
    """The tables that tell readers what the skill costs."""
    for document in skill.documents:
        yield from ((document, t) for t in document.tables if t.rows and t.rows[0].cells == COST_HEADER)


def cost_rows(skill: Skill) -> tuple[tuple[str, str], ...]:
    """The rows of such a table. The numbers are rounded up to two digits, so that not every edit makes them stale."""
    tokens = [page.tokens for page in skill.pages]
    rules, more = tokens[: len(skill.rules)], tokens[len(skill.rules) :]
    costs = [
        ("the name and description, where the skill is listed", listing(skill)),
        ("`SKILL.md`, when it loads", skill.main.tokens),
        ("a rule, when it is read", max(rules, default=0)),
        ("a page of further traps, when it is read", max(more, default=0)),
    ]
    return tuple((what, f"{_rounded(tokens):,}") for what, tokens in costs)


def _rounded(tokens: int) -> int:
    step: int = 10 ** max(0, len(str(tokens)) - 2)
    return -(-tokens // step) * step


@check
def stale_cost(skill: Skill) -> Faults:
    """A table `What an agent pays` gives the tokens of the listing, of SKILL.md and of the longest pages, rounded up.

    Breach: a page grew and the README still promises less. Mend it: run `--fix`.
    """
    if skill.manifest is None:
        return
    for _, table in cost_tables(skill):
        rows = table.rows[1:]
        costs = cost_rows(skill)
        if tuple(row.cells[0] for row in rows) != tuple(what for what, _ in costs):
            yield table, "the rows are not those of the costs"
            continue
        for row, (what, true) in zip(rows, costs, strict=True):
            if row.cells[1] != true:
                yield row, f"the table says {row.cells[1]} tokens for {what}, it is {true}"


@check
def long_listing(skill: Skill) -> Faults:
    """Name and description of a package together stay under 200 tokens: they are paid in every conversation.

    Breach: a description of 900 characters. Mend it: say what and when in one sentence each.
    """
    if skill.manifest and listing(skill) > LISTING and len(skill.main.frontmatter.text("description")) <= 1024:
        yield skill.main.frontmatter.at("description"), f"the listing costs {listing(skill)} tokens, over {LISTING}"


@check
def long_skill(skill: Skill) -> Faults:
    """The SKILL.md of a package costs at most 3,000 tokens, in at most 500 lines.

    Breach: the text of a rule in SKILL.md. Mend it: move what is needed on some occasions only to a page, and name the
    occasion.
    """
    if skill.manifest:
        yield from _excess(skill, SKILL)


@warning
def oversized_skill(skill: Skill) -> Faults:
    """A SKILL.md costs at most 5,000 tokens, in at most 500 lines, as the Agent Skills specification recommends.

    Breach: a handbook in one file. Mend it: move chapters to `references/`, and say when to read which.
    """
    if not skill.manifest:
        yield from _excess(skill, FOREIGN_SKILL)


@check
def long_page(skill: Skill) -> Faults:
    """A rule costs at most 2,000 tokens, a page of further traps at most 3,000.

    Breach: a rule of nine traps. Mend it: move the weakest trap to `references/<rule>-more.md`.
    """
    for page in skill.pages:
        most = PAGE if page in skill.rules else MORE
        if page.tokens > most:
            yield page, f"the page costs {page.tokens:,} tokens, over {most:,}"


@warning
def missing_contents(skill: Skill) -> Faults:
    """A reference of more than 100 lines begins with a table of contents, so that an agent can read a part of it.

    Breach: 300 lines of API in `references/api.md`, and no list of its sections. Mend it: link the sections at the top.
    """
    pages = {page.path for page in skill.pages}
    for document in skill.documents:
        lines = document.text.count("\n")
        sections = [h for h in document.headings if h.level > 1]
        is_reference = document.path.parent.name in {"references", "reference"} and document.path not in pages
        if is_reference and lines > LONG_REFERENCE and len(sections) >= ENTRIES and not _has_contents(document):
            yield document, f"a reference of {lines} lines without a table of contents"


@warning
def giant_block(skill: Skill) -> Faults:
    """A block of code has at most 120 lines: what is longer is a file that an agent can run or read in part.

    Breach: a module of 300 lines in SKILL.md. Mend it: move it to `scripts/` and link it.
    """
    for document in skill.documents:
        for example in document.examples:
            lines = example.code.count("\n")
            if lines > LONG_BLOCK:
                yield example, f"a block of {lines} lines, over {LONG_BLOCK}"


def _excess(skill: Skill, most: int) -> Faults:
    """One finding for a SKILL.md that is too long, in whichever way."""
    lines, tokens = len(skill.main.text.splitlines()), skill.main.tokens
    if tokens > most:
        yield skill, f"SKILL.md costs {tokens:,} tokens, over {most:,}"
    elif lines > LINES:
        yield skill, f"SKILL.md has {lines} lines, over {LINES}"


def _has_contents(document: Document) -> bool:
    """A heading that says so, or links to several of the page's own headings near its top."""
    own = [link for link in document.links if not link.file and link.anchor]
    near = [link for link in own if link.line <= TOP]
    named = any(CONTENTS.fullmatch(slug(h.text).replace("-", " ").strip()) for h in document.headings if h.line <= TOP)
    return named or len({link.anchor for link in near}) >= ENTRIES
