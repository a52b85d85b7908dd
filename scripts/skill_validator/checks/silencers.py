"""Comments that silence a finding in place."""

from __future__ import annotations

from ..diagnostics import Faults, check, warning
from ..model import Skill


@warning
def idle_silencer(skill: Skill) -> Faults:
    """A comment `validate: ignore[NAME] reason` silences a finding of that check, on its own line or the next.

    In Markdown it is `<!-- validate: ignore[dead-link] the file is made at release -->`, in frontmatter and code
    `# validate: ignore[...] ...`, in JSON a member `"//": "validate: ignore[...] ..."`. Findings of the group `safety`
    are not silenced from inside the skill that they are about. Breach: a silencer whose fault is mended, or whose check
    nobody knows. Mend it: delete the comment, or correct the name.
    """
    for silencer in skill.silencers:
        if not silencer.checks:
            yield silencer, "a silencer that names no check"
        for name in silencer.strange:
            yield silencer, f"no check that a comment may silence is called {name!r}"
        for name in silencer.idle:
            yield silencer, f"nothing of {name!r} is here to silence"


@check
def unexplained_silencer(skill: Skill) -> Faults:
    """A silencer gives its reason, so that the next reader can judge whether it still holds.

    Breach: `<!-- validate: ignore[dead-link] -->`. Mend it: write behind the brackets why the finding is none.
    """
    for silencer in skill.silencers:
        if silencer.checks and not silencer.reason:
            yield silencer, f"no reason to silence {', '.join(silencer.checks)}"
