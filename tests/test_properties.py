"""Nothing that a stranger writes makes reading or checking raise."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packages import build, diagnostics
from sample import FILES, MANIFEST
from skill_validator.blocks import PARSERS, fault
from skill_validator.causes import first_causes
from skill_validator.checks import CHECKS
from skill_validator.diagnostics import printable
from skill_validator.fixing import fix
from skill_validator.frontmatter import BREAK
from skill_validator.mapped import read_json, read_yaml
from skill_validator.markdown import read_document, slug
from skill_validator.model import Mapped
from skill_validator.output import FORMATS
from skill_validator.parts import Located
from skill_validator.python import compiled, parse
from skill_validator.report import Report
from skill_validator.silencing import examine
from skill_validator.skill import read_skill

PATH = Path("/skills/orders/SKILL.md")
QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
STATIC = [c for c in CHECKS if c.name not in {"undefined-name", "unused-import", "idle-lint"}]  # these start ruff

PIECES = [
    "---\n", "---", "----\n", "\r\n", "\r", "\n", "\n\n", "    ", "\t", "\u2028", "\x85", "\x0c", "\x00", "\ufeff",
    "\x7f", "# ", "## ", "## New and correct\n", "## When not to use it\n", "=\n", "===\n", "a", "Ü", "`", "``",
    "```", "~~~", "```python\n", "```json\n", "```\n", "> ", "- ", "1. ", "* ", "**", "__", "**Incorrect:**",
    "**Correct:** b\n", "**Setup:**\n", "Lint: `X1`", "[", "](", ")", "![", "[a](b.md#c)", "[a](../../x)",
    "[a](//x)", "[a](#)", "[a](%00%ff%)", "<http://a>", "<b>", "<!--", "-->", "| ", "|---|---|---|\n",
    "| Rule | Impact | Title |\n", "| Category | Rules | Impact | When to Use |\n", "\\|", "\\",
    "[orders-totals](rules/orders-totals.md)", "**Total: 9 rules across 9 categories**\n", "name: ", "description: ",
    "paths: ", "version: ", "title: ", "impact: ", "targets: ", "? ", "[", "]", "{", "}", "{a: ", "&a ", "*a",
    "!!x ", "<<: ", "'", '"', ": ", "1", "-", ".inf", "0x", "2026-99-99", "true", "null", "~", "%YAML 1.1\n",
    "def f(): ", "await x\n", "x = (", "\\d", "import os\n",
]  # fmt: skip
glued = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
texts = st.one_of(glued, st.text(max_size=60))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def within(mapped: Mapped, text: str) -> bool:
    return all(1 <= line <= len(BREAK.split(text)) for line in mapped.lines.values())


@QUICK
@given(texts)
def test_a_document_is_read_and_every_line_lies_in_it(text: str) -> None:
    document = read_document(PATH, text)
    last = len(BREAK.split(text))
    parts: list[Located] = [
        *document.headings,
        *document.links,
        *document.tables,
        *document.traps,
        *document.paragraphs,
        *document.flaws,
    ]
    rows = [row for table in document.tables for row in table.rows]
    assert [p for p in [*parts, *rows] if not 1 <= p.line <= last] == []
    assert [e for e in document.examples if not 2 <= e.line <= last + 1] == []
    assert within(document.frontmatter, text)


@QUICK
@given(texts)
def test_the_code_of_an_example_stands_where_it_says(text: str) -> None:
    lines = BREAK.split(text.replace("\x00", "\ufffd"))
    for example in read_document(PATH, text).examples:
        for number, line in enumerate(example.code.split("\n")[:-1], example.line):
            assert line.strip() in lines[number - 1].expandtabs(1) or "\t" in lines[number - 1]


@QUICK
@given(texts)
def test_yaml_and_json_are_read(text: str) -> None:
    for mapped, flaws in (read_yaml(PATH, text, 1), read_json(PATH, text)):
        assert mapped.values != {} or mapped.lines == {}
        assert [f for f in flaws if not 1 <= f.line <= len(BREAK.split(text))] == []


@QUICK
@given(texts)
def test_a_slug_is_its_own_slug_and_holds_no_space(text: str) -> None:
    made = slug(text)
    assert slug(made) == made
    assert " " not in made


@QUICK
@given(texts)
def test_what_is_shown_is_printable_and_encodes(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert shown.encode().decode() == shown


@QUICK
@given(st.sampled_from(sorted(PARSERS)), texts)
def test_a_block_is_sound_or_has_its_fault_at_one_of_its_lines(language: str, text: str) -> None:
    found = fault(language, text)
    assert found is None or (1 <= found[0] <= text.count("\n") + 1 and found[1] != "")


@QUICK
@given(texts)
def test_python_is_a_tree_or_a_syntax_error(text: str) -> None:
    for read in (parse, compiled):
        with suppress(SyntaxError):
            assert read(text) is not None


@settings(QUICK, max_examples=60)
@given(st.dictionaries(st.sampled_from(sorted(FILES)), texts, min_size=1), st.booleans())
def test_checks_and_fixes_raise_nothing_whatever_the_files_hold(broken: dict[str, str], drop: bool) -> None:
    kept = {"SKILL.md": FILES["SKILL.md"]} if drop else FILES
    skill = build({**kept, **broken})
    for diagnostic in diagnostics(skill, STATIC):
        assert diagnostic.line >= 1
        assert diagnostic.message.isprintable()
    fix(skill)


NAMES = ["SKILL.md", "manifest.json", "a.md", "references/a.md", "rules/a-b.md", "scripts/a.py", "run.sh", "a\nb.md"]
TARGETS = ["a.md", ".", "..", "/dev/zero", "/etc/passwd", "gone", "SKILL.md"]


@settings(QUICK, max_examples=60)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.one_of(texts.map(str.encode), st.binary(max_size=60))),
    st.dictionaries(st.sampled_from(["b.md", "link", "scripts", "assets/x.py"]), st.sampled_from(TARGETS)),
)
def test_a_folder_of_anything_is_reported_on_in_every_format(files: dict[str, bytes], links: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "orders")
        root.mkdir()
        for name, data in {"SKILL.md": b"# Orders\n", **files}.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(data)
        for name, target in links.items():
            (root / name).parent.mkdir(exist_ok=True)
            with suppress(FileExistsError):
                (root / name).symlink_to(target)
        skill = read_skill(root)
        kept, silenced = examine(skill, STATIC)
        report = Report(skill, first_causes(skill, kept), static=True, silenced=silenced)
        for show in FORMATS.values():
            assert show([report]).encode().decode() == show([report.light])


@settings(QUICK, max_examples=60)
@given(st.integers(0, 60), st.sampled_from(PIECES), st.sampled_from(sorted(n for n in FILES if n.endswith(".md"))))
def test_one_odd_piece_anywhere_in_a_sound_package_raises_nothing(line: int, piece: str, name: str) -> None:
    lines = FILES[name].splitlines(keepends=True)
    skill = build({**FILES, name: "".join([*lines[:line], piece, *lines[line:]])})
    assert all(d.line >= 1 for d in diagnostics(skill, STATIC))
    fix(skill)


@settings(QUICK, max_examples=60)
@given(st.dictionaries(st.sampled_from(["name", "categories", "rules", "activation", "targets", "ruleCount"]), values))
def test_manifests_of_any_values_raise_nothing(fields: dict[str, object]) -> None:
    skill = build({**FILES, "manifest.json": json.dumps(MANIFEST | fields)})
    assert all(d.path for d in diagnostics(skill, STATIC))
    fix(skill)
