"""Nothing that a stranger writes makes reading or checking raise."""

from __future__ import annotations

import io
import json
import tempfile
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from packages import build, diagnostics
from sample import FILES, MANIFEST
from skill_validator.blocks import PARSERS, fault
from skill_validator.causes import first_causes
from skill_validator.checks import CHECKS
from skill_validator.cli import main
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
from skill_validator.skill import SkillUnreadableError, read_skill
from trees import KINDS, Entry, make

PATH = Path("/skills/orders/SKILL.md")
# Nothing that small may take longer, also where coverage measures it on a busy machine.
QUICK = settings(max_examples=200, deadline=10_000, suppress_health_check=[HealthCheck.too_slow])
STATIC = [c for c in CHECKS if c.name not in {"undefined-name", "unused-import", "idle-lint"}]  # these start ruff
OF_FIELDS = {"budget", "client", "frontmatter", "globs", "index", "listing", "manifest", "shape", "versions"}

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
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    "name", "description", "version", "paths", "path_patterns", "targets", "allowed-tools", "hooks", "model", "impact",
    "tags", "arguments", "agent", "context", "effort", "metadata", "compatibility", "when_to_use", "title", "category",
]  # fmt: skip
sound, odd = values.map(json.dumps), st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
written = st.integers(0, 9).flatmap(lambda number: odd if number == 0 else sound)
fields = st.dictionaries(st.sampled_from(FIELDS), written, min_size=1, max_size=6).map(
    lambda chosen: "\n".join(map(": ".join, chosen.items()))
)
pages = st.builds("---\n{}\n---\n{}".format, fields, glued)
texts = st.one_of(glued, pages, st.text(max_size=60))


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


@QUICK
@given(pages, st.sampled_from(["SKILL.md", "rules/orders-totals.md"]))
def test_frontmatters_of_any_fields_raise_nothing(text: str, name: str) -> None:
    skill = build({**FILES, name: text})
    assert all(
        d.line >= 1 and d.message.isprintable() for d in diagnostics(skill, [c for c in CHECKS if c.group in OF_FIELDS])
    )
    fix(skill)


@settings(QUICK, max_examples=60)
@given(st.dictionaries(st.sampled_from(sorted(FILES)), texts, min_size=1), st.booleans())
def test_checks_and_fixes_raise_nothing_whatever_the_files_hold(broken: dict[str, str], drop: bool) -> None:
    kept = {"SKILL.md": FILES["SKILL.md"]} if drop else FILES
    skill = build({**kept, **broken})
    for diagnostic in diagnostics(skill, STATIC):
        assert diagnostic.line >= 1
        assert diagnostic.message.isprintable()
    fix(skill)


NAMES = [
    b"SKILL.md", b"manifest.json", b".claude-plugin/plugin.json", b"a.md", b"references/a.md", b"rules/a-b.md",
    b"scripts/a.py", b"run.sh", b"a\nb.md", b"\xff.md", b"tests/proofs/test_a_b.py", b"a/b/c/SKILL.md", b".git/x",
]  # fmt: skip
ENDS = [b"a.md", b".", b"..", b"/dev/zero", b"/etc/passwd", b"gone", b"SKILL.md", b"references"]
contents = st.one_of(texts.map(str.encode), texts.map(lambda text: text.encode("utf-16")), st.binary(max_size=60))
names = st.one_of(st.sampled_from(NAMES), st.binary(min_size=1, max_size=300))
entries: st.SearchStrategy[Entry] = st.one_of(
    st.tuples(st.just(0), names, contents),
    st.tuples(st.integers(1, len(KINDS) - 1), names, st.sampled_from(ENDS)),
)
trees = st.lists(entries, max_size=6)
skills = trees.map(lambda tree: [*tree, (0, b"SKILL.md", b"# Orders\n")])  # where none of the others is called so


@settings(QUICK, max_examples=60)
@given(skills)
def test_a_folder_of_anything_is_reported_on_in_every_format(tree: list[Entry]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            skill = read_skill(make(Path(folder, "orders"), tree))
        except SkillUnreadableError:
            reject()
        kept, silenced = examine(skill, STATIC)
        report = Report(skill, first_causes(skill, kept), static=True, silenced=silenced)
        for show in FORMATS.values():
            assert show([report]).encode().decode() == show([report.light])


@settings(QUICK, max_examples=60)
@given(st.one_of(trees, skills), st.sampled_from(sorted(FORMATS)))
def test_the_command_ends_as_it_is_documented_whatever_a_folder_holds(tree: list[Entry], form: str) -> None:
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as out:
        root = make(Path(folder, "orders"), tree)
        with redirect_stderr(io.StringIO()) as err:
            status = main(["--static", f"--format={form}", str(root)])
    assert status in {0, 1, 2}
    assert (status == 2) == (err.getvalue() != "")
    assert "Traceback" not in err.getvalue()
    assert "reading and checking it" not in out.getvalue()  # of what a bound had to end


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
