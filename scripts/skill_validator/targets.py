"""What the target of a link, and the name of a file in a text, means: told from the words alone."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from .model import Skill
from .parts import Link, Row

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//|[Hh]ttps?//")
WEB = re.compile(r"https?://(?!https?:)[^\s/?#,;]+(?:[/?#]|$)|//[^\s/]+", re.IGNORECASE)
WEB_SCHEMES = ("http", "https", "mailto", "ftp")
REFUSED = ("file:", "javascript:", "vbscript:", "data:")
MACHINE = re.compile(r"[A-Za-z]:[\\/]|[~/\\]")
PLACEHOLDER = re.compile(
    r"[{}<>$*|…]|\.\.\.|%7[BDbd]|%3[CEce]|\[|^#?[A-Z_]+$|(?:^|/)(?:path|your|my|some|example)[-_/ ]"
)
BARE = {"url", "link", "path", "href", "uri", "source", "src", "image", "file", "anchor", "ref", "reference"}
PATH_WITH_SPACE = re.compile(r"\]\((?:[^()]{0,300}\.[A-Za-z]{2,4}(?:#[^()]*)?|\w+://[^()]{0,300})\)$")
EXTENSION = "md|py|sh|bash|js|mjs|ts|json|yaml|yml|toml|txt|html|css|sql|csv|xsd|svg|png|jpg|pdf|rb|go|j2"
MENTION = re.compile(
    rf"(?<![\w/.:\\@{{}}<>$*~-])(?:\./)?"
    rf"((?:[\w-]{{1,80}}/){{1,6}}[\w.-]{{0,100}}\w\.[a-z]\w{{0,4}}|[\w.-]{{0,100}}\w\.(?:{EXTENSION}))(?![\w/*{{<-]|\.\w)"
)
NEARBY = 300  # characters before a name that tell whether it is an example
FOLLOWING = 2  # lines after which a list of examples has ended
NEAR = 0.85  # of 1: how alike a name must be to be what was meant
TEMPLATES = {"assets", "templates", "template", "examples"}  # what lies there is filled in elsewhere
PENDING = re.compile(  # behind a name: it need not be there
    r"\W{0,3}(?:\([^()]{0,40}\) )?(?:is|are) (?:present|missing|absent|available|provided)\b|\W{0,3}(?:if|when|where) "
    r"(?:it |they )?(?:present|exists?|available|needed)\b",
    re.IGNORECASE,
)
EXAMPLES = re.compile(r"\bexamples?\b[^.]{0,40}:\W{0,3}$", re.IGNORECASE)  # what follows line by line are examples
NOT_HERE = re.compile(
    r"\bexamples?\b\W{0,4}:|\bfor example|\be\.g\.|\bsuch as|\bfor instance|`[a-z][\w-]*:[a-z][\w-]*`"
    r"|\b(?:other|another|sibling|parent) skill|\b(?!this\b|the\b)[\w-]{1,60}`? skill(?:'s|\b\W{0,4}\()"
    r"|示例|例如|範例|比如"
    r"|\b(?!this\b|skill\b)[a-z][\w-]*'s [`*\[]{0,3}$|` (?:and|with) its [`*\[]{0,3}$"
    r"|\bmay (?:also )?(?:contain|include|have|exist)|\bplace it in\b"
    r"|\b(?:short|the) form\b|\bskills/[a-z][\w-]+/`?"
    r"|\b(?:creates?|writes?|saves?|generates?|outputs?|produces?|stores?|renames?)\b",
    re.IGNORECASE,
)


def scheme_fault(target: str) -> str:
    """What is wrong with the address `target`; empty for a relative path and for an address that can be followed."""
    if not SCHEME.match(target) or MACHINE.match(target.removeprefix("//")):
        return ""
    scheme, _, rest = target.lower().partition(":")
    if f"{scheme}:" in REFUSED:
        return f"scheme {scheme!r} is refused by readers of Markdown"
    is_web = scheme in {"http", "https"} and (WEB.match(target) or is_placeholder(target))
    if (scheme in {"http", "https"} and not is_web) or scheme.startswith(("http//", "https//")):
        return "not a web address"
    if scheme == "mailto" and not rest:
        return "no address to write to"
    close = difflib.get_close_matches(scheme, WEB_SCHEMES, 1, 0.7)
    if close and scheme not in {*WEB_SCHEMES, "sftp", "ftps", "rtmp"} and len(scheme) < 9 and rest:
        return f"unknown scheme {scheme!r}, did you mean {close[0]!r}"
    return ""


def is_relative(link: Link) -> bool:
    """Whether a link is meant to lead to a file, and to a certain one."""
    return bool(link.target) and not SCHEME.match(link.target) and not is_placeholder(link.target)


def is_absolute(file: str) -> bool:
    """Whether a path is one of some machine: `/etc/hosts`, `~/notes.md`, `C:/notes.md`."""
    return bool(MACHINE.match(file))


def is_placeholder(target: str) -> bool:
    """Whether a target stands for what a reader is to fill in."""
    return bool(PLACEHOLDER.search(target)) or target.lower() in BARE


def is_template(skill: Skill, path: Path) -> bool:
    """Whether a document of a stranger is one to be copied and filled in, so that what it names is not here yet."""
    inner = path.relative_to(skill.root)
    return not skill.manifest and ("template" in inner.stem.lower() or inner.parts[0] in TEMPLATES)


def plain_anchor(anchor: str) -> str:
    """An anchor without the marks that renderers keep or drop as they like, such as those behind an emoji."""
    return "".join(c for c in anchor if c.isascii() or unicodedata.category(c)[0] != "M")


def mentions(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    """The file names in these lines, but those in the target of a link, in an example, of another skill or to come."""
    above, example = "", -FOLLOWING
    for row in sorted(rows, key=lambda row: row.line):
        if (":" in row.cells[-1] and EXAMPLES.search(row.cells[-1])) or row.line <= example + FOLLOWING:
            example = row.line
        for cell in row.cells if example != row.line else ():
            quotes = seen = 0
            for found in MENTION.finditer(cell) if "." in cell else ():
                quotes, seen = quotes + cell.count('"', seen, found.start()), found.start()
                before = cell[max(0, seen - NEARBY) : seen]
                is_said = quotes % 2 == 0 and not before.endswith("](") and not PENDING.match(cell, found.end())
                if is_said and not NOT_HERE.search(f"{above} {before}"):
                    yield row, found[1]
        above = row.cells[-1][-100:]


def remedy(name: str, known: Iterable[str]) -> str:
    """What was probably meant by a name that does not exist, as the end of a sentence; empty when nothing is near."""
    if "\\" in name:
        return ", a path has forward slashes"
    last = name.rpartition("/")[2]
    tail = folded = close = ""
    for candidate in known:
        folded = folded or (candidate if candidate.casefold() == name.casefold() else "")
        tail = tail or (candidate if candidate.rpartition("/")[2] == last else "")
        if not close and abs(len(candidate) - len(name)) < 4 and candidate[-2:] == name[-2:]:
            close = candidate if difflib.SequenceMatcher(None, candidate, name).quick_ratio() > NEAR else ""
    near = folded or tail or close
    return f", did you mean {near}" if near else ""
