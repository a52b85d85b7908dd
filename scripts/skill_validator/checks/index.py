"""SKILL.md's index, the manifest and the pages say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..derived import EQUAL_FIELDS, IMPACTS, TOTAL, categories, category_of, category_rows, listed, rule_entry, rule_row
from ..diagnostics import Faults, check
from ..model import Document, Located, Mapped, Place, Row, Skill
from ..schemas import breaches


@check
def invalid_manifest(skill: Skill) -> Faults:
    """manifest.json has the fields of its schema, with the right types.

    Breach: `"ruleCount": "12"` (text, not a number), a field nobody knows, a missing `activation`. Mend it: write what
    the message asks for.
    """
    if skill.manifest and not any(f.path == skill.manifest.path for f in skill.flaws):
        yield from breaches(skill.manifest, "manifest")


@check
def missing_rule(skill: Skill) -> Faults:
    """Every rule in SKILL.md's index is a page in `rules/`.

    Breach: a row whose page was deleted or renamed. Mend it: bring the page back, or run `--fix` to drop the row.
    """
    present = {rule.path.stem for rule in skill.rules}
    for name, row in listed(skill).items():
        if name not in present:
            yield row, f"no such rule: rules/{name}.md"


@check
def unlisted_rule(skill: Skill) -> Faults:
    """Every page in `rules/` has a row in SKILL.md's index.

    Breach: a new page that no agent will ever hear of. Mend it: run `--fix`.
    """
    rows = listed(skill)
    tables = {c.id: c.table for c in categories(skill)}
    for rule in skill.rules:
        if tables and rule.path.stem not in rows:
            yield tables.get(category_of(rule)) or skill, f"rule {rule.path.stem} has no row in the index"


@check
def stale_row(skill: Skill) -> Faults:
    """A row of the index gives its rule's name, impact and title as the page does, under the rule's category.

    A link that leads nowhere is left to `dead-link`. Breach: the page says `impact: HIGH`, the row MEDIUM. Mend it: run
    `--fix`.
    """
    rules = {rule.path.stem: rule for rule in skill.rules}
    places = {row: c.id for c in categories(skill) if c.table for row in c.table.rows}
    for name, row in listed(skill).items():
        if name not in rules:
            continue
        for said, true, column in zip(row.cells, rule_row(rules[name]), ("link", "impact", "title"), strict=True):
            if column == "impact" and true not in IMPACTS:
                continue  # an impact that is none has its own check
            if true not in {"", said} and (column != "link" or f"](rules/{name}.md)" in said):
                yield row, f"{column} of {name} is {true!r}, the index says {said!r}"
        if places[row] != category_of(rules[name]):
            yield row, f"{name} stands under {places[row]!r}"


@check
def wrong_count(skill: Skill) -> Faults:
    """The numbers in the quick reference and in the total line are the numbers of rows and categories in the index.

    Breach: `| FastAPI | 4 | ...` over a table of three rules. Mend it: run `--fix`.
    """
    if not categories(skill):
        return
    yield from _category_counts(skill)
    totals = [(p, found) for p in skill.main.paragraphs if (found := TOTAL.fullmatch(p.cells[0].strip()))]
    if not totals:
        yield skill, "no line '**Total: N rules across N categories**'"
    for place, found in totals:
        for word, true in (("rules", len(listed(skill))), ("categories", len(categories(skill)))):
            if int(found[word]) != true:
                yield place, f"the total says {found[word]} {word}, the index has {true}"


@check
def wrong_category(skill: Skill) -> Faults:
    """A page's category is the first word of its name, and one that the manifest declares.

    Breach: `category: fastapi` in `rules/pooling-http.md`. Mend it: correct the field, or rename the page.
    """
    known = {c.id for c in categories(skill)}
    for page in skill.pages:
        said = page.frontmatter.text("category")
        if said and said != category_of(page):
            yield (
                page.frontmatter.at("category"),
                f"category {said!r} differs from the page's name, {category_of(page)!r}",
            )
        elif said and known and said not in known:
            yield page.frontmatter.at("category"), f"category {said!r} is not in the manifest"


@check
def stale_manifest(skill: Skill) -> Faults:
    """The manifest repeats what SKILL.md and the pages say: its head, targets, counts, rules.

    Breach: a trap was added and the manifest does not name it. Mend it: run `--fix`.
    """
    if skill.manifest is None or not categories(skill):
        return
    for field in (*EQUAL_FIELDS, "targets"):
        true = skill.main.frontmatter.values.get(field)
        if isinstance(true, str | dict) and skill.manifest.values.get(field) not in (true, None):
            yield skill.manifest.at(field), f"{field} differs from SKILL.md"
    rows = listed(skill)
    for field, number in (("ruleCount", len(rows)), ("categoryCount", len(categories(skill)))):
        said = skill.manifest.values.get(field)
        if isinstance(said, int) and said != number:
            yield skill.manifest.at(field), f"{field} is {number}, the manifest says {said}"
    yield from _category_entries(skill, skill.manifest)
    yield from _rule_entries(skill, skill.manifest, rows)


@check
def incomplete_checklist(skill: Skill) -> Faults:
    """references/review-checklist.md links every trap of every listed page at its anchor.

    Breach: a trap without a line there. Mend it: add `- [ ] ... ([late-commit](../rules/...#late-commit))`.
    """
    checklist = next((d for d in skill.documents if d.path == skill.root / "references" / "review-checklist.md"), None)
    if not skill.manifest or not skill.pages:
        return
    if checklist is None:
        yield skill, "no references/review-checklist.md"
        return
    rows = listed(skill)
    unlisted = {rule.path for rule in skill.rules if rule.path.stem not in rows}
    anchors: dict[Path, set[str]] = {}
    for link in checklist.links:
        anchors.setdefault(link.destination, set()).add(link.anchor)
    for page in skill.pages:
        if page.path not in unlisted:
            yield from _unlinked(checklist, page, anchors.get(page.path, set()) - {""})


def _unlinked(checklist: Document, page: Document, linked: set[str]) -> Iterator[tuple[Document, str]]:
    """The traps that the checklist does not link; a dead anchor has its own check and stands for the trap it meant."""
    traps = {trap.slug for trap in page.traps}
    if linked <= {heading.slug for heading in page.headings}:
        yield from ((checklist, f"no line for {page.path.stem}#{slug}") for slug in sorted(traps - linked))


def _category_counts(skill: Skill) -> Iterator[tuple[Located, str]]:
    true = {c.title: (c.id, len(c.table.rows) - 1 if c.table else 0, c.impact) for c in categories(skill)}
    rows = list(category_rows(skill))
    for title in sorted(true.keys() - {row.cells[0] for row in rows}):
        yield skill, f"category {title!r} has no row in the quick reference"
    for row in rows:
        title, number, impact, _ = row.cells
        if title not in true:
            yield row, f"category {title!r} is not in the manifest"
        elif number != str(true[title][1]):
            yield row, f"category {title!r} has {true[title][1]} rules in the index, the quick reference says {number}"
        elif impact != true[title][2]:
            yield row, f"impact of {title!r} is {true[title][2]}, the quick reference says {impact}"


def _category_entries(skill: Skill, manifest: Mapped) -> Iterator[tuple[Place, str]]:
    entries = manifest.values.get("categories")
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        category = next((c for c in categories(skill) if isinstance(entry, dict) and c.id == entry.get("id")), None)
        if category and category.table is None:
            yield manifest.at("categories", number), f"category {category.title!r} has no table of rules in SKILL.md"
        elif category and category.table and entry.get("rules") != len(category.table.rows) - 1:
            place = manifest.at("categories", number, "rules")
            yield (
                place,
                f"{category.id} has {len(category.table.rows) - 1} rules, the manifest says {entry.get('rules')}",
            )


def _declared_rules(manifest: Mapped) -> Iterator[tuple[int, str, dict[str, object]]]:
    entries = manifest.values.get("rules")
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield number, str(entry.get("id")), entry


def _rule_entries(skill: Skill, manifest: Mapped, rows: Mapping[str, Row]) -> Iterator[tuple[Place, str]]:
    said: dict[str, tuple[int, dict[str, object]]] = {}
    for number, name, entry in _declared_rules(manifest):
        if name in said:
            yield manifest.at("rules", number), f"rule {name!r} is listed twice"
        elif name not in rows:
            yield manifest.at("rules", number), f"rule {name!r} is not in SKILL.md's index"
        said.setdefault(name, (number, entry))
    for rule in skill.rules:
        if rule.path.stem not in rows:
            continue
        if rule.path.stem not in said:
            yield manifest.at("rules"), f"rule {rule.path.stem!r} is missing"
            continue
        number, entry = said[rule.path.stem]
        for key, true in rule_entry(rule).items():
            if true not in ("", entry.get(key)) and (key != "impact" or true in IMPACTS):
                yield (
                    manifest.at("rules", number, key),
                    f"{key} of {rule.path.stem} is {true}, the manifest says {entry.get(key)}",
                )
