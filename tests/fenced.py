"""Skills around one fenced block, or a few."""

from __future__ import annotations

from packages import lone, package
from skill_validator.model import Skill

HEAD = "---\nname: orders\ndescription: Orders.\n---\n"
TOTALS = "rules/orders-totals.md"
PROJECT = """\
# Service

**`app/models.py`**

```python
class Order: ...
```

**`app/main.py`** begins it

```python
import app.models
from app.models import Order

print(Order, app)
```
"""


def page(language: str, code: str) -> Skill:
    """The package with one more block, whose code begins in line 51 of a rule."""
    return package({TOTALS: ("## When not", f"```{language}\n{code}```\n\n## When not")})


def promising(python: str, code: str) -> Skill:
    """A stranger's skill that promises to run on a Python; its code begins in line 7."""
    return lone(f"---\nname: orders\ndescription: Orders.\ncompatibility: {python}\n---\n```python\n{code}```\n")


def programs(*codes: str) -> Skill:
    """A stranger's skill whose blocks are programs: two sound ones, and these, the first of which begins in line 14."""
    sound = "```python\nimport os\nprint(os)\n```\n" * 2
    return lone(HEAD + sound + "".join(f"```python\n{code}```\n" for code in codes))


def block(language: str, code: str) -> Skill:
    """A stranger's skill with one block, whose code begins in line 6."""
    return lone(f"{HEAD}```{language}\n{code}```\n")


def project(old: str = "", new: str = "") -> Skill:
    """The package with a document whose blocks are the files of a project, after a change."""
    assert old in PROJECT
    return package(add={"references/service.md": PROJECT.replace(old, new) if old else PROJECT})
