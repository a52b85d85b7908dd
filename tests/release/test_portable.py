"""The portable SKILL.md has the specification's fields, everything else as strings in `metadata`, and the same body."""

from __future__ import annotations

import pytest
import yaml
from skill_release.contents import ReleaseError
from skill_release.portable import FIELDS, portable

TEXT = """\
---
name: orders
description: "Orders: taken, totalled, refunded"
paths: ["*.py", "Pipfile"]
user-invocable: false
targets:
  anyio: ">=4.16"
  fastapi: ">=0.164"
metadata:
  postgresql: 18
allowed-tools: [Read, "Bash(git *)"]
---
# Orders

a --- b

---
"""


def parts(text: str) -> tuple[dict[str, object], str]:
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def test_other_fields_become_strings_in_metadata_and_the_body_stays() -> None:
    head, body = parts(portable(TEXT))

    assert head == {
        "name": "orders",
        "description": "Orders: taken, totalled, refunded",
        "allowed-tools": "Read Bash(git *)",
        "metadata": {
            "postgresql": "18",
            "paths": "*.py, Pipfile",
            "user-invocable": "false",
            "targets": "anyio>=4.16, fastapi>=0.164",
        },
    }
    assert set(head) <= set(FIELDS)
    assert body == TEXT.split("---\n", 2)[2]


def test_a_text_of_tools_stays_and_metadata_is_made_where_there_is_none() -> None:
    head, _ = parts(portable("---\nname: a\ndescription: b\nallowed-tools: Read Glob\n---\n# A\n"))

    assert head == {"name": "a", "description": "b", "allowed-tools": "Read Glob", "metadata": {}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("# Orders\n", "cannot be read", id="no frontmatter"),
        pytest.param("---\nname: [\n---\n", "cannot be read", id="broken frontmatter"),
        pytest.param(
            "---\nname: a\nversion: 1\nmetadata: {version: 2}\n---\n", "'version' stands at the top", id="both"
        ),
    ],
)
def test_what_cannot_be_made_portable_is_refused(text: str, message: str) -> None:
    with pytest.raises(ReleaseError, match=message):
        portable(text)
