"""What the fields say: the text by which an agent chooses a skill, and a reader a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Faults, check, warning
from ..model import Mapped, Skill
from ..parts import Place
from .frontmatter import is_readable, schemas

CUT = 1536  # characters of description and when_to_use that Claude Code lists
TEXTS = ("name", "title", "description", "when_to_use", "impactDescription", "license", "compatibility", "author")
RESERVED = ("anthropic", "claude")
TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")
OCCASION = re.compile(
    r"\b(when|whenever|while|before|after|during|if|until|unless|where|use|used|using|trigger\w*|invoke\w*|activat\w*"
    r"|asks?|asked|wants?|needs?|mentions?|requests?|occasions?)\b|[^\x00-\u024f]",
    re.IGNORECASE,
)
WORK = r"(?:add|describe|write|fill|complete|insert|replace|explain|say|update|change|enter|put)"
THING = r"(?:skill|description|title|name|summary|text|content|impact|rule|page|author|license|one line)"
PLACEHOLDER = re.compile(
    rf"""
      (?:todo|fixme|tbd|tba|xxx+|n/?a|none|null|placeholder|untitled|change[ -]?me|insert[ -]?here)[.!:]*
    | [-.…?_]+
    | (?:[\[<({{]\s*)?(?:todo|fixme|tbd)\b(?:\s*[:\]>)\-]|\s+{WORK}\b).*
    | (?:(?:a|an|the|your|my|some|short|brief|{WORK})\s+)*{THING}s?(?:\s+{THING}s?)*\s*
      (?:of\s+(?:the\s+|this\s+|your\s+)?{THING}\s*)?(?:goes\s+|comes\s+)?here\.?
    | (?:a\s+|the\s+|your\s+|short\s+|brief\s+|this\s+)*(?:skill|rule|page)?\s*(?:description|title)\.?
    | (?:replace|change|edit|update)\s+(?:this|me|with)\b.*
    | a\ description\ of\ what\ this\ skill\ does\ and\ when\ to\ use\ it\.?
    | (?:my|your|the|new)-skill(?:-name)?|skill-name|rule-title|category-topic
    | \[[^\]]*\] | <[^<>]*> | \{{\{{.*\}}\}} | \$\{{.*\}}
    | .*\blorem\ ipsum\b.*
    | .*(?:[.!?)]\s+(?:TODO|FIXME|TBD)(?::.*|\.?)$|\(TBD\)|\[TODO\b|\[insert\ |\[your\ |<insert\ |<your[ -]).*
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
LONGEST = 2000  # characters looked at: what is longer is a text


@check
def placeholder_field(skill: Skill) -> Faults:
    """Every field says what it is there to say.

    Breach: `description: TODO`, a title `Rule title here`, a lorem ipsum, a template's `<your-skill>`. Mend it: write
    the text, or leave the field out where it may be.
    """
    for document, _ in schemas(skill):
        for place, key, text in _texts(document.frontmatter):
            if is_readable(document) and is_placeholder(text):
                yield place, f"{key}: {_short(text)!r} is a placeholder"


@warning
def missing_occasion(skill: Skill) -> Faults:
    """The description says when to use the skill, since an agent chooses by it alone.

    Breach: `description: PDF tools.` Mend it: add `Use when ...` with the words that people use.
    """
    frontmatter = skill.main.frontmatter
    said = frontmatter.text("description")
    hidden = frontmatter.values.get("disable-model-invocation") is True or frontmatter.text("when_to_use").strip()
    if said.strip() and not is_placeholder(said) and not hidden and not OCCASION.search(said):
        yield frontmatter.at("description"), "the description names no occasion to use the skill"


@warning
def reserved_name(skill: Skill) -> Faults:
    """A skill's name has neither `anthropic` nor `claude` in it: Anthropic's platform keeps both for itself.

    Breach: `name: claude-helper`; such a skill cannot be uploaded. Mend it: name the work, not the client.
    """
    name = skill.main.frontmatter.text("name")
    for word in RESERVED:
        if word in name.casefold():
            yield skill.main.frontmatter.at("name"), f"name {name!r} holds the reserved word {word!r}"


@warning
def tag_in_listing(skill: Skill) -> Faults:
    """Name, description and `when_to_use` are plain text: they stand in the agent's prompt, where a tag is markup.

    Breach: `description: Reads <b>orders</b>`. Mend it: say it without angle brackets.
    """
    for place, key, text in _texts(skill.main.frontmatter, ("name", "description", "when_to_use")):
        if (tag := TAG.search(text)) and not is_placeholder(text):
            yield place, f"{key} holds the tag {tag[0]!r}"


@warning
def truncated_listing(skill: Skill) -> Faults:
    """Description and `when_to_use` have 1,536 characters together at most: Claude Code cuts the listing there.

    Breach: a `when_to_use` with forty sample requests, of which the agent sees the first ten. Mend it: keep the best.
    """
    frontmatter = skill.main.frontmatter
    texts = [frontmatter.text(key) for key in ("description", "when_to_use")]
    length = len(" ".join(filter(None, texts)))
    if length > CUT and texts[1]:
        yield frontmatter.at("when_to_use"), f"the listing has {length:,} characters, the client cuts it at {CUT:,}"


@warning
def unreachable_skill(skill: Skill) -> Faults:
    """A skill can be started: by the agent, by its user, or by the files it is about.

    Breach: `disable-model-invocation: true` and `user-invocable: false` together. Mend it: drop one of the two.
    """
    values = skill.main.frontmatter.values
    if values.get("disable-model-invocation") is True and values.get("user-invocable") is False:
        yield (
            skill.main.frontmatter.at("disable-model-invocation"),
            "neither the agent nor its user can start the skill",
        )


def is_placeholder(text: str) -> bool:
    """Whether a text only keeps the place of one."""
    return bool(text.strip() and PLACEHOLDER.fullmatch(text.strip()[:LONGEST]))


def _texts(frontmatter: Mapped, keys: tuple[str, ...] = TEXTS) -> Iterator[tuple[Place, str, str]]:
    for key in keys:
        if text := frontmatter.text(key):
            yield frontmatter.at(key), key, text
    if keys is TEXTS:
        yield from ((frontmatter.at("tags", n), "tags", tag) for n, tag in enumerate(frontmatter.texts("tags")))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
