"""The text around examples, as HTML whose links lead somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from skill_release.prose import section_prose
from skill_validator.markdown import read_document

PAGE = read_document(
    Path("/skills/orders/rules/a.md"),
    """\
---
title: A
---
# A

What breaks, see [the web](https://example.org/a) and [nowhere](../README.md).

**Setup:** shared

```python
A = 1
```

## Late commit
A `claim` <b>not</b> HTML, **bold** text.

**`code`**

**Incorrect:** too [late](b.md#late)

```python
A = 2
```

**Correct:**

```python
A = 3
```

Reference: [docs](https://example.org/b)

## Whole

What it does.

### One part

How it does it.

### Another part

## Empty
""",
)
LINES = {heading.slug: heading.line for heading in PAGE.headings}


def resolve(target: str) -> str | None:
    return {"b.md#late": "#b--late"}.get(target, target if target.startswith("https:") else None)


def test_the_text_below_the_title_keeps_the_words_of_a_link_that_leads_nowhere() -> None:
    assert section_prose(PAGE, 0, resolve).before == (
        '<p>What breaks, see <a href="https://example.org/a">the web</a> and <span>nowhere</span>.</p>'
    )


def test_a_section_is_what_stands_before_and_after_its_examples_and_what_each_label_says() -> None:
    prose = section_prose(PAGE, LINES["late-commit"], resolve)

    assert (
        prose.before == "<p>A <code>claim</code> &lt;b&gt;not&lt;/b&gt; HTML, <strong>bold</strong> text.</p>\n"
        "<p><strong><code>code</code></strong></p>"
    )
    assert prose.whys == (
        '<strong>Incorrect:</strong> too <a href="#b--late">late</a>',
        "<strong>Correct:</strong>",
    )
    assert prose.after == '<p>Reference: <a href="https://example.org/b">docs</a></p>'


@pytest.mark.parametrize("text", ["", "# A", "no heading\n"], ids=repr)
def test_a_page_without_sections_has_none(text: str) -> None:
    assert section_prose(read_document(Path("a.md"), text), 0, resolve).whys == ()


def test_a_section_has_its_parts_and_a_part_ends_with_the_next() -> None:
    whole, part = (section_prose(PAGE, LINES[slug], resolve).before for slug in ("whole", "one-part"))

    assert whole.startswith("<p>What it does.</p>\n<h3>One part</h3>")
    assert part == "<p>How it does it.</p>"


def test_the_last_section_ends_with_the_page() -> None:
    assert section_prose(PAGE, LINES["empty"], resolve).before == ""
