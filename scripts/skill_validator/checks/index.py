"""SKILL.md's index, the manifest and the pages say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..derived import EQUAL_FIELDS, TOTAL, categories, category_of, category_rows, listed, rule_entry, rule_row
from ..diagnostics import Faults, check
from ..model import Document, Mapped, Place, Row, Skill
from ..schemas import breaches, properties


@check
def invalid_manifest(skill: Skill) -> Faults:
    """manifest.json has the fields of its schema, with the right types.

    Breach: `"ruleCount": "12"` (text, not a number), a field nobody knows, a missing `activation`.
    """
    if skill.manifest and not any(f.path == skill.manifest.path for f in skill.flaws):
        yield from breaches(skill.manifest, "manifest")
        for key in sorted(skill.manifest.values.keys() - properties("manifest")):
            yield skill.manifest.at(key), f"unknown field {key!r}"


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
        if rule.path.stem not in rows:
            yield tables.get(category_of(rule)) or skill, f"rule {rule.path.stem} has no row in the index"


@check
def stale_row(skill: Skill) -> Faults:
    """A row of the index gives its rule's impact and title as the page does, under the rule's category.

    Breach: the page says `impact: HIGH`, the row MEDIUM. Mend it: run `--fix`.
    """
    rows = listed(skill)
    places = {row: c.id for c in categories(skill) if c.table for row in c.table.rows}
    for rule in skill.rules:
        row = rows.get(rule.path.stem)
        if row is None:
            continue
        for said, true, column in zip(row.cells, rule_row(rule), ("link", "impact", "title"), strict=False):
            if said != true:
                yield row, f"{column} of {rule.path.stem} is {true!r}, the index says {said!r}"
        if places[row] != category_of(rule):
            yield row, f"{rule.path.stem} stands under {places[row]}"


@check
def wrong_count(skill: Skill) -> Faults:
    """The numbers in the quick reference and in the total line are the numbers of rows and categories in the index.

    Breach: `| FastAPI | 4 | ...` over a table of three rules. Mend it: run `--fix`.
    """
    if not skill.manifest:
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

    Breach: `category: fastapi` in `rules/pooling-http.md`.
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
    if skill.manifest is None or not skill.manifest.values:
        return
    for field in (*EQUAL_FIELDS, "targets"):
        true = skill.main.frontmatter.values.get(field)
        if true is not None and skill.manifest.values.get(field) not in (true, None):
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
    """references/review-checklist.md links every trap of every page at its anchor.

    Breach: a trap without a line there. Mend it: add `- [ ] ... ([late-commit](../rules/...#late-commit))`.
    """
    checklist = next((d for d in skill.documents if d.path == skill.root / "references" / "review-checklist.md"), None)
    if not skill.manifest or not skill.pages:
        return
    if checklist is None:
        yield skill, "no references/review-checklist.md"
        return
    for page in skill.pages:
        yield from _unlinked(checklist, page)


def _unlinked(checklist: Document, page: Document) -> Iterator[tuple[Document, str]]:
    """The traps that the checklist does not link; a dead anchor has its own check and stands for the trap it meant."""
    links = [k for k in checklist.links if (checklist.path.parent / k.file).resolve() == page.path]
    linked = {k.anchor for k in links}
    traps = {trap.slug for trap in page.traps}
    if linked <= traps:
        yield from ((checklist, f"no line for {page.path.stem}#{slug}") for slug in sorted(traps - linked))


def _category_counts(skill: Skill) -> Iterator[tuple[Row, str]]:
    true = {c.title: (c.id, len(c.table.rows) - 1 if c.table else 0, c.impact) for c in categories(skill)}
    for row in category_rows(skill):
        title, number, impact = (*row.cells, "", "", "")[:3]
        if title not in true:
            yield row, f"category {title!r} is not in the manifest"
        elif number != str(true[title][1]):
            yield row, f"{title} has {true[title][1]} rules in the index, the quick reference says {number}"
        elif impact != true[title][2]:
            yield row, f"impact of {title} is {true[title][2]}, the quick reference says {impact}"


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


def _rule_entries(skill: Skill, manifest: Mapped, rows: Mapping[str, Row]) -> Iterator[tuple[Place, str]]:
    entries = manifest.values.get("rules")
    said = {
        e.get("id"): (n, e) for n, e in enumerate(entries if isinstance(entries, list) else ()) if isinstance(e, dict)
    }
    for name, (number, _) in said.items():
        if name not in rows:
            yield manifest.at("rules", number), f"rule {name!r} is not in SKILL.md's index"
    for rule in skill.rules:
        if rule.path.stem not in rows:
            continue
        if rule.path.stem not in said:
            yield manifest.at("rules"), f"rule {rule.path.stem!r} is missing"
            continue
        number, entry = said[rule.path.stem]
        for key, true in rule_entry(rule).items():
            if entry.get(key) != true:
                yield (
                    manifest.at("rules", number, key),
                    f"{key} of {rule.path.stem} is {true}, the manifest says {entry.get(key)}",
                )
