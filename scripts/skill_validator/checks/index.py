"""SKILL.md's index, the manifest and the pages say the same. Where two of them agree, the third is reported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..counts import announcements, claims, trap_counts
from ..derived import (
    CATEGORY_HEADER,
    IMPACTS,
    Entry,
    categories,
    category_of,
    category_rows,
    checklist,
    copies,
    entries,
    index_rows,
    listed,
    other_quick_reference,
    rule_pages,
    rule_row,
    rules_in,
)
from ..diagnostics import Faults, check
from ..lists import repeated_traps
from ..markdown import slug
from ..model import Document, Skill
from ..parts import Located, Place
from ..rows import loose_rows


@check
def missing_rule(skill: Skill) -> Faults:
    """Every rule that SKILL.md's index or the manifest names is a page in `rules/`, under that name.

    Breach: a row whose page was deleted or renamed. Mend it: bring the page back, or run `--fix` to drop the row.
    """
    renamed = _renamed(skill)
    for entry in entries(skill):
        if entry.page or entry.name in renamed:
            continue
        number = -1 if entry.number is None else entry.number
        place = entry.row or (skill.manifest or skill.main.frontmatter).at("rules", number)
        yield place, f"no such rule: rules/{entry.name}.md"


@check
def unlisted_rule(skill: Skill) -> Faults:
    """Every page in `rules/` has a row in SKILL.md's index.

    Breach: a new page that no agent will ever hear of. Mend it: run `--fix`.
    """
    tables = {c.id: c.table for c in categories(skill)}
    headings = {c.id: h for c in categories(skill) for h in skill.main.headings if h.slug == slug(c.title)}
    repeated = {copy.document.path for copy in copies(skill) if copy.is_whole}
    has_loose_rows = any(loose_rows(skill.main))
    former = {page.path: name for name, page in _renamed(skill).items()}
    for entry in entries(skill) if tables and not skill.main.is_blank else ():
        if entry.page is None or entry.row or entry.page.path in repeated:
            continue
        if entry.page.path in former:
            yield entry.page, f"the index calls this rule {former[entry.page.path]!r}"
        elif entry.number is None:
            yield entry.page, f"rule {entry.name} has no row in SKILL.md's index"
        elif not has_loose_rows:
            heading = headings.get(category_of(entry.page))
            other = next((t for t in skill.main.tables if heading and t.section == heading.slug), None)
            place = tables.get(category_of(entry.page)) or other or heading or skill
            yield place, f"rule {entry.name} has no row in the index"


@check
def stale_row(skill: Skill) -> Faults:
    """A row of the index gives its rule's name, impact and title as the page does, once, under the rule's category.

    A link that leads nowhere is left to `dead-link`. Breach: the page says `impact: HIGH`, the row MEDIUM. Mend it: run
    `--fix`.
    """
    pages = {page.path.stem: page for page in rule_pages(skill)}
    said = {entry.name: entry for entry in entries(skill)}
    repeated = {copy.document.path for copy in copies(skill)}
    seen: set[str] = set()
    for name, category, row in index_rows(skill):
        if name in seen:
            yield row, f"{name} is listed twice"
        elif name in pages:
            is_told = pages[name].path in repeated or row.width < len(row.cells)
            yield from ((row, message) for message in _stale_cells(said[name], pages[name], skill, is_told=is_told))
            if category.id != category_of(pages[name]):
                yield row, f"{name} stands under {category.title!r}"
        seen.add(name)
    for category in categories(skill):
        if category.table and category.table.section != slug(category.title):
            heading = next((h for h in skill.main.headings if h.slug == category.table.section), category.table)
            yield heading, f"the rules of {category.title!r} stand under {category.table.section!r}"


@check
def wrong_impact(skill: Skill) -> Faults:
    """A page's impact is the one that both SKILL.md's index and the manifest give it.

    Breach: a page was changed to `impact: LOW` while its row and its entry say HIGH. Mend it: decide, then run `--fix`.
    """
    for entry in entries(skill):
        if _is_outvoted(entry) and entry.page and entry.row:
            said, others = entry.page.frontmatter.text("impact"), entry.row.cells[1]
            yield entry.page.frontmatter.at("impact"), f"impact is {said}, the index and the manifest say {others}"


@check
def wrong_count(skill: Skill) -> Faults:
    """A number that a page states of itself is right: of rules, categories and references, of traps, of a list's items.

    Breach: `| FastAPI | 4 | ...` over a table of three rules, `12 rules` in the description of eleven, `these 3 steps:`
    above a list of four. Mend it: run `--fix`, or correct the number.
    """
    true = _numbers(skill)
    for claim in claims(skill):
        if true.get(claim.what) and claim.number not in true[claim.what]:
            counted = " or ".join(map(str, sorted(true[claim.what])))
            yield claim, f"claims {claim.number} {claim.what}, there are {counted}"
    for row, said, noun, items in announcements(skill):
        yield row, f"announces {said} {noun}, the list has {items}"
    yield from ((row, f"claims {n} traps, the page has {true}") for row, n, true in trap_counts(skill) if n != true)
    if skill.manifest and categories(skill):
        yield from _category_counts(skill)
        if not skill.main.is_blank and not any(claim.is_total for claim in claims(skill)):
            yield skill, "no line '**Total: N rules across N categories**'"
    elif categories(skill):
        yield from _category_counts(skill)


@check
def wrong_category(skill: Skill) -> Faults:
    """A page's category is the first word of its name, and one that the manifest declares.

    Breach: `category: fastapi` in `rules/pooling-http.md`. Mend it: correct the field, or rename the page.
    """
    known = {c.id for c in categories(skill)}
    renamed = {page.path for page in _renamed(skill).values()}
    for page in (page for page in skill.pages if page.path not in renamed):
        said = page.frontmatter.text("category")
        if said and said != category_of(page):
            yield (
                page.frontmatter.at("category"),
                f"category {said!r} differs from the page's name, {category_of(page)!r}",
            )
        elif said and known and said not in known:
            yield page.frontmatter.at("category"), f"category {said!r} is not in the manifest"


@check
def incomplete_checklist(skill: Skill) -> Faults:
    """references/review-checklist.md, where there is one, links every trap of every listed page at its anchor.

    Breach: a trap without a line there. Mend it: add `- [ ] ... ([late-commit](../rules/...#late-commit))`.
    """
    lines = checklist(skill)
    if lines is None or lines.is_blank:
        return
    rows = listed(skill)
    unlisted = {rule.path for rule in skill.rules if rule.path.stem not in rows}
    anchors: dict[Path, set[str]] = {}
    for link in lines.links:
        anchors.setdefault(link.destination, set()).add(link.anchor)
    for page in skill.pages:
        if page.path not in unlisted:
            yield from _unlinked(lines, page, anchors.get(page.path, set()) - {""})


def _unlinked(lines: Document, page: Document, linked: set[str]) -> Iterator[tuple[Located, str]]:
    """The traps that the checklist does not link; a dead anchor has its own check and stands for the trap it meant.

    They are told where the one line stands that links the trap of another.
    """
    traps = {trap.slug for trap in page.traps}
    spare = [Place(lines.path, line) for line in repeated_traps(lines)]
    place: Located = spare[0] if len(spare) == 1 else lines
    if linked <= {heading.slug for heading in page.headings}:
        yield from ((place, f"no line for {page.path.stem}#{slug}") for slug in sorted(traps - linked))


def _renamed(skill: Skill) -> dict[str, Document]:
    """Rules of the index without a page -> the page without a row that has their title."""
    unlisted = {e.page.frontmatter.text("title"): e.page for e in entries(skill) if e.page and not e.row}
    gone = [entry for entry in entries(skill) if entry.row and not entry.page]
    return {e.name: unlisted[e.row.cells[2]] for e in gone if e.row and e.row.cells[2] in unlisted.keys() - {""}}


def _is_outvoted(entry: Entry) -> bool:
    """Whether the index and the manifest agree on an impact, and the page has another one of those that exist."""
    said = entry.page.frontmatter.text("impact") if entry.page else ""
    voted = entry.row.cells[1] if entry.row else ""
    return said in IMPACTS and voted in IMPACTS and said != voted == entry.fields.get("impact")


def _stale_cells(entry: Entry, page: Document, skill: Skill, *, is_told: bool) -> Iterator[str]:
    """What a row says and its page does not; of the title nothing where another check tells of it."""
    true = rule_row(page)
    cells = entry.row.cells if entry.row else true
    target = cells[0].rpartition("](")[2].rstrip(")")
    is_link = cells[0].endswith(")") and "](" in cells[0]
    if cells[0].replace("`", "") != true[0] and (not is_link or skill.root / target in skill.files):
        yield f"link of {entry.name} is {true[0]!r}, the index says {cells[0]!r}"
    if true[1] in IMPACTS and cells[1] != true[1] and not _is_outvoted(entry):
        yield f"impact of {entry.name} is {true[1]!r}, the index says {cells[1]!r}"
    heading = page.title.text if page.title else ""
    if not is_told and true[2] and cells[2] not in {true[2], heading}:
        yield f"title of {entry.name} is {true[2]!r}, the index says {cells[2]!r}"


def _numbers(skill: Skill) -> dict[str, set[int]]:
    """How many rules, categories and references there are, by each that tells."""
    found = entries(skill)
    groups = categories(skill)
    rules = {sum(e.page is not None for e in found), sum(e.row is not None for e in found)}
    rules |= {sum(e.number is not None for e in found)}
    folder = skill.root / "references"
    references = [d for d in skill.documents if d.path.parent == folder]
    linked = {link.destination for link in skill.main.links if link.destination.parent == folder}
    files = sum(path.parent == folder for path in skill.files) if not skill.manifest else 0
    return {
        "rules": rules - {0},
        "categories": {len(groups), sum(c.table is not None for c in groups)} - {0},
        "traps": {sum(len(page.traps) for page in pages) for pages in (skill.rules, skill.pages)} - {0},
        "references": {len(references), len(linked), files} - {0} if references else set(),
    }


def _category_counts(skill: Skill) -> Iterator[tuple[Located, str]]:
    """The rows of the quick reference against the categories."""
    rows = list(category_rows(skill))
    known = {c.title: c for c in categories(skill)}
    strange = [row for row in rows if row.cells[0] not in known]
    declarer = "manifest" if skill.manifest else "index"
    yield from ((row, f"category {row.cells[0]!r} is not in the {declarer}") for row in strange)
    if other := other_quick_reference(skill) if skill.manifest and not rows else None:
        yield other, f"the head of the quick reference is '{' | '.join(CATEGORY_HEADER)}'"
        return
    is_told = not (rows or skill.manifest) or any(loose_rows(skill.main))
    missing = [] if is_told else sorted({t for t, c in known.items() if c.table} - {row.cells[0] for row in rows})
    for title in missing[len(strange) :]:
        yield rows[0] if rows else skill, f"category {title!r} has no row in the quick reference"
    numbers = rules_in(skill)
    for row in rows:
        title, number, impact, _ = row.cells
        if row != next(other for other in rows if other.cells[0] == title):
            yield row, f"category {title!r} is listed twice"
            continue
        category = known.get(title)
        if category is None or category.table is None:
            continue
        true = numbers.get(category.id, {0})
        if number not in map(str, true):
            yield row, f"category {title!r} has {min(true)} rules, the quick reference says {number}"
        if category.impact in IMPACTS and impact != category.impact:
            yield row, f"impact of {title!r} is {category.impact}, the quick reference says {impact}"
