"""What an agent pays: four characters a token."""

from __future__ import annotations

from ..diagnostics import Faults, check
from ..model import Skill

LISTING = 200
SKILL = 3000
FOREIGN_SKILL = 5000
FOREIGN_LINES = 500
PAGE = 2000
MORE = 3000


def listing(skill: Skill) -> int:
    """The tokens that a client pays always: the name and the description."""
    frontmatter = skill.main.frontmatter
    return -(-len(frontmatter.text("name") + frontmatter.text("description")) // 4)


@check
def long_listing(skill: Skill) -> Faults:
    """Name and description of a package together stay under 200 tokens: they are paid in every conversation.

    Mend it: say what and when in one sentence each.
    """
    if skill.manifest and listing(skill) > LISTING:
        yield skill.main.frontmatter.at("description"), f"the listing costs {listing(skill)} tokens, over {LISTING}"


@check
def long_skill(skill: Skill) -> Faults:
    """SKILL.md costs at most 3,000 tokens in a package; in other skills at most 5,000, in at most 500 lines.

    Mend it: move what is needed on some occasions only to a page, and name the occasion.
    """
    most = SKILL if skill.manifest else FOREIGN_SKILL
    if skill.main.tokens > most:
        yield skill, f"SKILL.md costs {skill.main.tokens:,} tokens, over {most:,}"
    lines = skill.main.text.count("\n")
    if not skill.manifest and lines > FOREIGN_LINES:
        yield skill, f"SKILL.md has {lines} lines, over {FOREIGN_LINES}"


@check
def long_page(skill: Skill) -> Faults:
    """A rule costs at most 2,000 tokens, a page of further traps at most 3,000.

    Mend it: move the weakest trap to `references/<rule>-more.md`.
    """
    for page in skill.pages:
        most = PAGE if page in skill.rules else MORE
        if page.tokens > most:
            yield page, f"the page costs {page.tokens:,} tokens, over {most:,}"
