"""Changes to the small correct skill without a manifest."""

from __future__ import annotations

from packages import stranger
from skill_validator.model import Skill


def skill(*changes: tuple[str, str]) -> Skill:
    """The skill with changes of its SKILL.md."""
    return stranger({"SKILL.md": list(changes)})


def sentence(text: str) -> Skill:
    """The skill with a sentence more, in line 19."""
    return skill(("The script prints one line a currency.", f"{text} The script prints one line a currency."))


def inside(text: str) -> Skill:
    """The skill with words more in the second line of its first paragraph, line 10."""
    return skill(("file is refused, look", f"{text} file is refused, look"))


def block(language: str, code: str, label: str = "Then:") -> Skill:
    """The skill with a block more, whose code begins in line 39."""
    return skill(("## Totals", f"{label}\n\n```{language}\n{code}\n```\n\n## Totals"))


def bash(code: str, label: str = "Then:") -> Skill:
    """The skill with a shell block more."""
    return block("bash", code, label)


def python(code: str, label: str = "Then:") -> Skill:
    """The skill with a Python block more."""
    return block("python", code, label)


def field(text: str) -> Skill:
    """The skill with a field more in its frontmatter."""
    return skill(("license: MIT\n", f"license: MIT\n{text}\n"))


def tools(text: str) -> Skill:
    """The skill with another `allowed-tools`."""
    return skill(("allowed-tools: Read, Bash(python3 scripts/totals.py:*)", text))
