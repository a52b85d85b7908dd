"""Skill -> its links that lead nowhere, those to one target together: what was deleted or renamed is one fault."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from .derived import listed
from .model import Skill
from .parts import Link, Located
from .remembering import once_a_skill
from .targets import is_absolute, is_relative, is_template, plain_anchor

Target = TypeVar("Target", bound=Hashable)
Place = TypeVar("Place", bound=Located)


def relative_links(skill: Skill) -> Iterator[Link]:
    """The links that are meant to lead to a certain file or heading of the skill, or beside it."""
    for document in skill.documents:
        yield from (link for link in document.links if is_relative(link))


@once_a_skill
def lost_files(skill: Skill) -> Mapping[Path, Sequence[Link]]:
    """The links into the skill whose file is not there. A rule that the index names is left to `missing-rule`."""
    gone = {skill.root / "rules" / f"{name}.md" for name in listed(skill)} - {d.path for d in skill.documents}
    known, hidden = {*skill.files, *skill.hidden, skill.root, *gone}, {*skill.hidden, *skill.symlinks}
    return together(
        (link.destination, link)
        for link in relative_links(skill)
        if link.file
        and link.destination not in known
        and hidden.isdisjoint(link.destination.parents)
        and link.destination.is_relative_to(skill.root)
        and not is_absolute(link.file)
        and not is_template(skill, link.path)
        and (skill.manifest or not _is_of_project(skill, link))
    )


def _is_of_project(skill: Skill, link: Link) -> bool:
    """Whether a stranger means a folder of the user's project, such as `.claude/`, that a skill does not have."""
    folder = link.file.removeprefix("./").partition("/")[0]
    return folder.startswith(".") and folder != ".." and skill.root / folder not in {*skill.files, *skill.hidden}


def lost_anchors(skill: Skill) -> Mapping[tuple[Path, str], Sequence[Link]]:
    """The links whose document is there, and has no heading or `id` of that anchor."""
    documents = {d.path: d for d in skill.documents}
    known: dict[Path, set[str]] = {}
    found = []
    for link in relative_links(skill):
        target = documents.get(link.destination)
        if link.anchor and target and not target.is_blank and not is_template(skill, link.path):
            if target.path not in known:
                known[target.path] = {plain_anchor(h.slug) for h in target.headings} | target.anchors
            if not known[target.path] & {link.anchor, plain_anchor(link.anchor)}:
                found.append(((target.path, link.anchor), link))
    return together(found)


@once_a_skill
def renamed_pages(skill: Skill) -> Mapping[Path, Path]:
    """The one page of a folder that links seek in vain, and the one in it that none leads to: its name was changed."""
    linked = {link.destination for link in relative_links(skill)}
    gone = together((path.parent, links[0]) for path, links in lost_files(skill).items() if path.suffix == ".md")
    idle = together((d.path.parent, d) for d in skill.documents if d.path.parent != skill.root and d.path not in linked)
    both = {folder: (gone[folder], idle[folder]) for folder in gone.keys() & idle.keys()}
    return {lost[0].destination: new[0].path for lost, new in both.values() if len(lost) == len(new) == 1}


def elsewhere(skill: Skill, others: Sequence[Located]) -> str:
    """Where else the same is said, as the end of a sentence; empty where nowhere."""
    if not others:
        return ""
    first = f"; also in {others[0].path.relative_to(skill.root).as_posix()}:{others[0].line}"
    return f"{first} and {len(others) - 1} more" if len(others) > 1 else first


def together(places: Iterable[tuple[Target, Place]]) -> Mapping[Target, Sequence[Place]]:
    """Places by what each is about, in the order in which they are met."""
    found: dict[Target, list[Place]] = {}
    for target, place in places:
        found.setdefault(target, []).append(place)
    return found
