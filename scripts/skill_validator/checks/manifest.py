"""manifest.json repeats what SKILL.md and the pages say, for installers that read nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice, zip_longest

from ..derived import (
    EQUAL_FIELDS,
    categories,
    category_of,
    declared_categories,
    declared_rules,
    entries,
    rule_entry,
    rule_pages,
    rules_in,
)
from ..diagnostics import Faults, check
from ..model import Document, Keys, Mapped, Skill
from ..parts import Located
from ..schemas import breaches

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PAGE = re.compile(r"(?:\./)?(?:[\w-]+/)+[\w.-]+\.md")
RULES = re.compile(r"(?:total|num|number_?of)?_?rules?_?(?:count|total)?", re.IGNORECASE)
CATEGORIES = re.compile(r"(?:total|num|number_?of)?_?categor(?:y|ies)_?(?:count|total)?", re.IGNORECASE)


@check
def invalid_manifest(skill: Skill) -> Faults:
    """manifest.json has the fields of its schema, with the right types.

    Breach: `"ruleCount": "12"` (text, not a number), a field nobody knows, a missing `activation`. Mend it: write what
    the message asks for.
    """
    if skill.manifest and not any(f.path == skill.manifest.path for f in skill.flaws):
        yield from breaches(skill.manifest, "manifest")


@check
def stale_manifest(skill: Skill) -> Faults:
    """The manifest repeats what SKILL.md and the pages say: its head, targets, counts, rules.

    Breach: a trap was added and the manifest does not name it. Mend it: run `--fix`.
    """
    if skill.manifest is None or not skill.manifest.values:
        return
    yield from _head(skill, skill.manifest)
    yield from _categories(skill, skill.manifest)
    yield from _counts(skill, skill.manifest)
    yield from _rules(skill, skill.manifest)


@check
def contradicting_manifest(skill: Skill) -> Faults:
    """A manifest.json in a format of its own agrees with what SKILL.md and the pages say, where it says the same.

    Breach: another version or name, a count of rules or categories that is wrong, a page that does not exist. Mend it:
    decide which is right.
    """
    manifest = skill.foreign_manifest
    if manifest is None:
        return
    for field in EQUAL_FIELDS:
        true, said = skill.main.frontmatter.values.get(field), manifest.values.get(field)
        if (
            isinstance(true, str)
            and isinstance(said, str)
            and said != true
            and (field != "name" or NAME.fullmatch(said))
        ):
            yield manifest.at(field), f"{field} is {true!r} in SKILL.md, {said!r} here"
    pages = {page.path.stem: page for page in rule_pages(skill)}
    kinds = {page.path.stem.partition("-")[0] for page in pages.values()} if pages else set()
    for keys, value in _leaves(manifest.values, ()):
        last = str(keys[-1])
        if isinstance(value, str) and PAGE.fullmatch(value) and skill.root / value not in skill.files:
            yield manifest.at(*keys), f"no such file: {value}"
        elif isinstance(value, int) and not isinstance(value, bool) and len(keys) == 1:
            true_number = len(pages) if RULES.fullmatch(last) else len(kinds) if CATEGORIES.fullmatch(last) else value
            if pages and value != true_number:
                yield manifest.at(*keys), f"{last} is {true_number}, the manifest says {value}"
    yield from _foreign_rules(manifest, pages)


def _foreign_rules(manifest: Mapped, pages: Mapping[str, Document]) -> Iterator[tuple[Located, str]]:
    """The entries of a list of rules that differ from the pages, and the pages that it lacks."""
    said = {name: (number, fields) for number, name, fields in declared_rules(manifest) if name in pages}
    for name, (number, fields) in said.items():
        for field in ("title", "impact", "category"):
            true = pages[name].frontmatter.text(field)
            if true and isinstance(fields.get(field), str) and fields[field] != true:
                yield (
                    manifest.at("rules", number, field),
                    f"{field} of {name} is {true!r}, the manifest says {fields[field]!r}",
                )
    for name in sorted(pages.keys() - said.keys()) if said else ():
        yield manifest.at("rules"), f"rule {name!r} is missing"
    true_numbers = Counter(name.partition("-")[0] for name in pages)
    declared = manifest.values.get("categories")
    for number, entry in enumerate(declared if isinstance(declared, list) else ()):
        name = str(entry.get("id", entry.get("name"))) if isinstance(entry, dict) else ""
        for field, count in entry.items() if name in true_numbers else ():
            if isinstance(count, int) and (RULES.fullmatch(field) or field == "count") and count != true_numbers[name]:
                place = manifest.at("categories", number, field)
                yield place, f"{name} has {true_numbers[name]} rules, the manifest says {count}"


def _leaves(value: object, keys: Keys) -> Iterator[tuple[Keys, object]]:
    """Every value that holds no others, with its keys."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield keys, value
        return
    for key, child in inner:
        yield from _leaves(child, (*keys, key))


def _head(skill: Skill, manifest: Mapped) -> Iterator[tuple[Located, str]]:
    """A name that both the manifest and the folder have is not the manifest's fault."""
    for field in (*EQUAL_FIELDS, "targets"):
        true = skill.main.frontmatter.values.get(field)
        said = manifest.values.get(field)
        if (
            isinstance(true, str | dict)
            and said not in (true, None)
            and not (field == "name" and said == skill.root.name)
        ):
            pair = (true, said) if isinstance(true, dict) and isinstance(said, dict) else ({}, {})
            first = [key for key in pair[1] if pair[1][key] != pair[0].get(key)][:1]
            yield manifest.at(field, *first), f"{field} differs from SKILL.md"


def _categories(skill: Skill, manifest: Mapped) -> Iterator[tuple[Located, str]]:
    groups = categories(skill)
    declared = list(declared_categories(manifest))
    for group, (number, name, title, _) in zip(groups, declared, strict=False):
        if group.table is None and name not in {category_of(page) for page in skill.rules}:
            yield manifest.at("categories", number), f"category {title!r} has no table of rules in SKILL.md"
        for field, said, true in (("id", name, group.id), ("title", title, group.title)):
            if said not in {true, ""}:
                yield manifest.at("categories", number, field), f"{field} of category {true!r} is {said!r} here"
    for group in groups[len(declared) :]:
        yield manifest.at("categories"), f"category {group.title!r} is missing"


def _counts(skill: Skill, manifest: Mapped) -> Iterator[tuple[Located, str]]:
    found, groups = entries(skill), categories(skill)
    rules = {sum(e.page is not None for e in found), sum(e.row is not None for e in found)}
    rules |= {len(list(declared_rules(manifest)))}
    for field, numbers in (("ruleCount", rules), ("categoryCount", {len(groups)})):
        said = manifest.values.get(field)
        if isinstance(said, int) and not isinstance(said, bool) and said not in numbers and groups:
            yield manifest.at(field), f"{field} is {min(numbers - {0} or {0})}, the manifest says {said}"
    declared = manifest.values.get("categories")
    counted = rules_in(skill)
    names = {number: group.id for group, (number, *_) in zip(groups, declared_categories(manifest), strict=False)}
    for number, entry in enumerate(declared if isinstance(declared, list) else ()):
        said, name = entry.get("rules") if isinstance(entry, dict) else None, names.get(number, "")
        true = counted.get(name, {0})
        if isinstance(said, int) and not isinstance(said, bool) and said not in true:
            yield manifest.at("categories", number, "rules"), f"{name} has {min(true)} rules, the manifest says {said}"


def _first_difference(true: object, said: object) -> tuple[int, ...]:
    """Where a list first says what another one does not; nothing where it only says less, or is no list."""
    if not isinstance(true, list) or not isinstance(said, list):
        return ()
    pairs = enumerate(zip_longest(true, said))
    return tuple(islice((n for n, (one, other) in pairs if one != other and n < len(said)), 1))


def _rules(skill: Skill, manifest: Mapped) -> Iterator[tuple[Located, str]]:
    seen: set[str] = set()
    for number, name, _ in declared_rules(manifest):
        if name in seen:
            yield manifest.at("rules", number), f"rule {name!r} is listed twice"
        seen.add(name)
    files = [str(fields.get("file")) for _, _, fields in declared_rules(manifest)]
    for entry in entries(skill):
        if entry.page is None or entry.page.is_blank:
            continue
        if entry.number is None:
            is_misnamed = f"rules/{entry.page.path.name}" in files  # by an entry that is listed twice
            if entry.row and not is_misnamed and isinstance(manifest.values.get("rules"), list):
                yield manifest.at("rules"), f"rule {entry.name!r} is missing"
            continue
        for key, true in rule_entry(entry.page).items():
            said = entry.fields.get(key)
            outvoted = key == "impact" and entry.row is not None and entry.row.cells[1] == said
            if key in entry.fields and true not in ("", said) and not outvoted:
                yield (
                    manifest.at("rules", entry.number, key, *_first_difference(true, said)),
                    f"{key} of {entry.name} is {true}, the manifest says {said}",
                )
