"""Markdown becomes a document whose parts know their true lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from skill_validator.markdown import read_document, slug
from skill_validator.model import Document
from skill_validator.parts import Flaw, Heading, Lint, Row, Table

PATH = Path("/skills/orders/rules/a.md")
HEAD = "---\ntitle: A\n---\n"


def read(text: str) -> Document:
    return read_document(PATH, text)


def links(text: str) -> list[tuple[int, str]]:
    return [(link.line, link.target) for link in read(text).links]


def test_lines_count_the_frontmatter() -> None:
    document = read(f"{HEAD}# A\n\n[b](c.md)\n\n```text\nd\n```\n")
    assert document.has_frontmatter
    assert (document.frontmatter.text("title"), document.frontmatter.at("title").line) == ("A", 2)
    assert document.headings == (Heading(PATH, 4, 1, "A", "a"),)
    assert [link.line for link in document.links] == [6]
    assert [(e.line, e.code) for e in document.examples] == [(9, "d\n")]
    assert document.paragraphs == (Row(PATH, 6, ("[b](c.md)",)),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Macintosh"])
def test_lines_are_the_same_whatever_ends_them(end: str) -> None:
    body = "# A\n\n[b](c.md)\n\n| d |\n|---|\n| e |\n\n```text\nf\n```\n"
    whole = (HEAD if end != "\r" else "") + body
    document = read(whole.replace("\n", end))
    first = 3 if end != "\r" else 0
    assert [h.line - first for h in document.headings] == [1]
    assert [link.line - first for link in document.links] == [3]
    assert [r.line - first for r in document.tables[0].rows] == [5, 7]
    assert [(e.line - first, e.code) for e in document.examples] == [(10, "f\n")]
    assert document.flaws == ()


@pytest.mark.parametrize(
    ("text", "flaws"),
    [
        ("---\ntitle: A\n", [Flaw(PATH, 1, "frontmatter is never closed by a line ---", "frontmatter")]),
        ("---\na: [\n---\n", [Flaw(PATH, 2, "not YAML: the '[' in the value of 'a' is never closed", "frontmatter")]),
        ("---\na: 1\nb: 1\na: 1\n---\n", [Flaw(PATH, 4, "key 'a' is given twice", "frontmatter")]),
        ("---\n---\n", [Flaw(PATH, 2, "no field at all", "frontmatter")]),
        ("text\n---\na: 1\n---\n", []),
        ("", []),
    ],
    ids=["never closed", "broken", "a key twice", "empty", "not at the first line", "an empty file"],
)
def test_flaws_of_the_frontmatter(text: str, flaws: list[Flaw]) -> None:
    assert list(read(text).flaws) == flaws


LINKS = {
    "in one paragraph": ("a [b](c)\nd [e](f) [g](h)\n", [(1, "c"), (2, "f"), (2, "h")]),
    "after a hard break": ("a  \n[b](c)\\\n[d](e)\n", [(2, "c"), (3, "e")]),
    "after code over two lines": ("`a\nb` [c](d)\n", [(2, "d")]),
    "a text over two lines": ("[a\nb](c) [d](e)\n", [(1, "c"), (2, "e")]),
    "a title over two lines": ("[a](b 'c\nd') [e](f)\n", [(1, "b"), (2, "f")]),
    "in a nested list": ("- a\n  - [b](c)\n    d\n    [e](f)\n", [(2, "c"), (4, "f")]),
    "in a quotation": ("> a\n> [b](c)\n", [(2, "c")]),
    "in a table": ("| a |\n|---|\n| b |\n| [c](d) |\n", [(4, "d")]),
    "in a heading": ("text\n\n## [a](b)\n", [(3, "b")]),
    "an image in a link": ("\n[![a](b)](c)\n", [(2, "c"), (2, "b")]),
    "a reference counts where it is defined": ("a\n[b][c] [c] ![e][c]\n\n[c]: d.md\n[//]: # (f)\n", [(4, "d.md")]),
    "a link, an image and an anchor in HTML": (
        "a\n<a id=x href='b'>c</a> <IMG\nSRC=d>\n\n<p>\n<a href=\"e\">\n</p>\n",
        [(2, "b"), (2, "d"), (6, "e")],
    ),
    "in angle brackets": ("a\n<https://b.c/d>\n", [(2, "https://b.c/d")]),
    "percent-encoded": ("[a](<b c.md#é>) [d](e%20f.md)\n", [(1, "b%20c.md#%C3%A9"), (1, "e%20f.md")]),
    "in code": ("`[a](b)`\n\n```text\n[c](d)\n```\n\n    [e](f)\n", []),
    "in a comment": ("<!-- [a](b) -->\n\n<!--\n[c](d)\n-->\n", []),
}


@pytest.mark.parametrize(("text", "expected"), LINKS.values(), ids=LINKS)
def test_links_know_their_lines(text: str, expected: list[tuple[int, str]]) -> None:
    assert links(text) == expected


def test_the_parts_of_a_link_are_decoded() -> None:
    link = read("[a](<../b c%23.md#é>)\n").links[0]
    assert (link.file, link.anchor, link.destination) == ("../b c#.md", "é", Path("/skills/orders/b c#.md"))
    assert read("[a](#b)\n").links[0].destination == PATH


SLUGS = {
    "Late commit": "late-commit",
    "  `session.commit()` in *finally*  ": "sessioncommit-in-finally",
    "New & correct": "new--correct",
    "What's `max_body_size`?": "whats-max_body_size",
    "Über-Größe 名": "über-größe-名",
    "?!": "",
}


@pytest.mark.parametrize(("text", "expected"), SLUGS.items())
def test_slugs_follow_github(text: str, expected: str) -> None:
    assert slug(text.replace("`", "").replace("*", "")) == expected


def test_headings_have_anchors_of_their_own() -> None:
    document = read("# A\n## A\n## A-1\nA\n---\n## `a` *b* [c](d) <br>\n## \n####### no heading\nB\nc\n===\n")
    assert [(h.line, h.level, h.text, h.slug) for h in document.headings] == [
        (1, 1, "A", "a"),
        (2, 2, "A", "a-1"),
        (3, 2, "A-1", "a-1-1"),
        (4, 2, "A", "a-2"),
        (6, 2, "a b c ", "a-b-c"),
        (7, 2, "", ""),
        (8, 1, "####### no heading B c", "-no-heading-b-c"),
    ]
    assert document.title == document.headings[0]
    assert read("## A\n").title is None


def test_tables_keep_their_section_rows_and_lines() -> None:
    document = read("# A\n\n## B c\n\n| d | e |\n|---|---|\n| `f` \\| g | [h](i) |\n| j |\n| k | l | m |\n\n- n\n")
    rows = (
        Row(PATH, 5, ("d", "e"), 2),
        Row(PATH, 7, ("`f` | g", "[h](i)"), 2),
        Row(PATH, 8, ("j", ""), 1),
        Row(PATH, 9, ("k", "l"), 3),
    )
    assert document.tables == (Table(PATH, 5, "b-c", rows),)


LABELS = {
    "a reason follows": ("**Incorrect:** why\n\n", "Incorrect:"),
    "nothing follows": ("**Correct:**\n", "Correct:"),
    "underscores": ("__Setup:__ a\n\n", "Setup:"),
    "code inside": ("**`Correct:`**\n\n", "Correct:"),
    "the reason is inside": ("**Incorrect: why**\n\n", "Incorrect: why"),
    "emphasis only": ("*Correct:*\n\n", ""),
    "strong text later": ("This is **Correct:**\n\n", ""),
    "another paragraph between": ("**Correct:**\n\na\n\n", ""),
    "a comment between": ("**Correct:**\n\n<!-- a -->\n\n", ""),
    "an item of a list": ("- **Correct:**\n\n", ""),
    "a heading": ("## **Late**\n\n", ""),
    "a heading that should be one": ("### **Correct:** why\n\n", "Correct:"),
    "a heading that should be one, and a paragraph": ("### Incorrect\n\na\n\n", "Incorrect:"),
    "a paragraph below such a heading": ("### Incorrect\n\n**Correct:** a\n\n", "Correct:"),
    "a heading that begins so": ("### Correctness\n\n", ""),
    "another block between": ("**Correct:**\n\n```text\n```\n\n", ""),
    "nothing before": ("", ""),
}


@pytest.mark.parametrize(("before", "label"), LABELS.values(), ids=LABELS)
def test_a_label_is_the_strong_text_right_above(before: str, label: str) -> None:
    assert read(f"{before}```python\nx = 1\n```\n").examples[-1].label == label


def test_examples_know_language_section_side_and_setup() -> None:
    def fenced(label: str, info: str = "python") -> str:
        return f"**{label}:**\n```{info}\nx\n```\n"

    document = read(
        f"# T\n{fenced('Setup')}## A\n{fenced('Incorrect')}{fenced('Correct')}{fenced('Correct', 'Python title')}"
        f"```bash\nls\n```\n## B\n{fenced('Note')}{fenced('Note')}"
    )
    setup = document.examples[0]
    assert [(e.line, e.language, e.section, e.side, e.setup) for e in document.examples] == [
        (4, "python", "t", "Example", None),
        (9, "python", "a", "Incorrect", setup),
        (13, "python", "a", "Correct", setup),
        (17, "python", "a", "Correct2", setup),
        (20, "bash", "a", "Example", None),
        (25, "python", "b", "Example", setup),
        (29, "python", "b", "Example2", setup),
    ]


@pytest.mark.parametrize(
    ("label", "file"),
    [
        ("`app/main.py`", "app/main.py"),
        ("pyproject.toml", "pyproject.toml"),
        ("`migrations/versions/0001_orders.v2.py`", "migrations/versions/0001_orders.v2.py"),
        ("`../app.py`", ""),
        ("`/etc/app.py`", ""),
        ("`app/../../main.py`", ""),
        ("`.env`", ""),
        ("`asyncio.timeout`", ""),
        ("FastAPI 0.118", ""),
        ("3.12", ""),
        ("Correct:", ""),
    ],
)
def test_a_block_is_a_file_where_its_label_is_a_path(label: str, file: str) -> None:
    document = read(f"**{label}**\n\n```python\nx = 1\n```\n")
    (block,) = document.examples

    assert block.file == file
    assert document.provable == (() if file else (block,))
    assert (document.project.files if document.project else ()) == ((block,) if file else ())


def test_a_file_does_not_share_the_setup() -> None:
    text = "**Setup:**\n\n```python\nx = 1\n```\n\n**`app.py`**\n\n```python\ny = 1\n```\n"

    assert read(text).examples[1].setup is None


def test_a_setup_in_another_language_is_none() -> None:
    document = read("**Setup:**\n```bash\nls\n```\n\n```python\nx = 1\n```\n")
    assert [(e.is_setup, e.setup) for e in document.examples] == [(False, None), (False, None)]


def test_traps_are_the_second_level_but_the_closing_sections() -> None:
    document = read(
        "# T\n\n## A\n**Incorrect:**\n```python\n```\n### Deeper\n**Correct:**\n```python\n```\n"
        "Words.\nLint: `F401` and `E722`\n\n## New and correct\n\nLint: `F821`\n\n## B\n# Next\n```python\n```\n"
    )
    first, second = document.traps
    assert (first.line, first.title, first.slug) == (3, "A", "a")
    assert [(e.line, e.section, e.label) for e in first.examples] == [
        (6, "a", "Incorrect:"),
        (10, "deeper", "Correct:"),
    ]
    assert first.lints == (Lint(PATH, 12, ("F401", "E722")),)
    assert (second.line, second.examples, second.lints) == (18, (), ())


FENCES = {
    "closed": ("```text\na\n```\n", 2, "a\n", []),
    "closed at the end of the file": ("```text\na\n```", 2, "a\n", []),
    "empty": ("```text\n```\n", 2, "", []),
    "with blank lines": ("```text\n\n\n```\n", 2, "\n\n", []),
    "in a list": ("- a\n\n  ```text\n  b\n  ```\n", 4, "b\n", []),
    "never closed": ("a\n\n```text\nb\n", 4, "b\n", [3]),
    "never closed, nothing follows": ("```text", 2, "", [1]),
    "never closed in a quotation": ("> ```text\n> a\n\nb\n", 2, "a\n", [1]),
    "closed by too few": ("````text\n```\n", 2, "```\n", [1]),
}


@pytest.mark.parametrize(("text", "line", "code", "flaws"), FENCES.values(), ids=FENCES)
def test_fences(text: str, line: int, code: str, flaws: list[int]) -> None:
    document = read(text)
    assert [(e.line, e.code) for e in document.examples] == [(line, code)]
    assert list(document.flaws) == [Flaw(PATH, n, "fence is never closed", "fence") for n in flaws]


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2)])
def test_four_characters_are_a_token(text: str, tokens: int) -> None:
    assert read(text).tokens == tokens
