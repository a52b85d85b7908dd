"""What may be asked of a stranger's block: whether it claims to be a text or a program, or is a sketch of one."""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections import Counter

from . import ruff
from .blocks import fault
from .model import Skill
from .parts import Example
from .python import compiled, parse, parses, part
from .remembering import once_a_skill
from .sources import names, python_blocks, ruffed

PROMPT = re.compile(r"(>>>|\$|In \[\d+\]:|\((?:gdb|lldb|[Pp]db)\))( |$)", re.MULTILINE)
# What says of a stranger's block that it is a sketch of a text rather than the text.
BAD = re.compile(
    r"^\s*(#|--|//).*\b(bad|wrong|incorrect|invalid|syntax error|broken)\b|❌", re.IGNORECASE | re.MULTILINE
)
SKETCH = re.compile(r"\.\.\.|…|→|\{\{|\{%|<[A-Za-z][^<>\n]*>|\bTODO\b|\bYOUR_|\{[A-Z][A-Z_]+\}")
SKETCHES = {
    # A comment, alternatives, a range, a formula, a key without its object, a request line.
    "json": re.compile(
        r'(^|\s)(//|/\*|#)|["\w] *\| *["\w]|\d-\d|true ?/ ?false|": *[(\w. ]*[a-z_]\w* *[+*/]'
        r'|\A\s*("[^"]*"\s*:|[A-Z]+ /)'
        r"|\A\s*(GET|POST|PUT|PATCH|DELETE)\b"
    ),
    "bash": re.compile(r"(^|\s)\[(?![\s\[])|\$\$\$"),  # what may be left out, and what a search may find
    # A whole page with its frontmatter; lines taken from a list.
    "yaml": re.compile(r"\A---\n(.*\n)*?---\s*\n\s*#+ "),
    "toml": re.compile(r"\A(\s*(#.*)?\n)*\s*[\"']"),
    # Settings without sections, and systemd's, which may be given twice.
    "ini": re.compile(r"\A(\s*([#;].*)?\n)*\s*[^\[#;\s]|^\[(Unit|Service|Install|Timer|Socket)\]", re.MULTILINE),
    # Parameters, and quotes of other dialects.
    "sql": re.compile(r"[?`@#\[]|%s|:[a-z]|\$[a-z]|\bINSERT OR |AUTOINCREMENT|\bPRAGMA\b|\bTOP \d", re.IGNORECASE),
}
DIALECTS = re.compile(
    r"oracle|mysql|mariadb|sqlite|snowflake|bigquery|sql server|t-sql|mssql|redshift|databricks|spark|clickhouse|duckdb"
    r"|presto|trino|hive|cassandra|cockroach|\bjql\b|soql|cypher|surreal",
    re.IGNORECASE,
)
PROGRAM = re.compile(r"import .*^(if __name__ == .__main__.:|asyncio\.run\()", re.DOTALL | re.MULTILINE)
UNIT = re.compile(r"^(import|from|def|async def|class) ", re.MULTILINE)
SPOKEN = re.compile(r"`(\w+)\.\w+")
LINE, BLANK_LINE, REMARK = re.compile(r"\n"), re.compile(r"\n\s*\n"), re.compile(r"\n(?=\s*(?:\n|#))")
SETTING = re.compile(r"\s*(?:#.*|- \S.*|(?:- )?[a-z_][\w.-]*:(?:\s.*)?)?", re.ASCII | re.IGNORECASE)
TWICE = re.compile(r"\btwice$|\boverwrite a value$")
VARIANTS = re.compile(r"^( *[\w.-]+:).*\n\1.*\n\1", re.MULTILINE)
TOP_KEY = re.compile(r"^[\w.\"'\[-][^:=\n]*", re.MULTILINE)
SIGNATURE = re.compile(r"\s*(async )?(def |class )?[\w.]+\(.*\)( *->.*)?$")


def is_held(skill: Skill, example: Example) -> bool:
    """Whether a block is a program: in a package always, elsewhere if it starts itself, or if its skill shows programs.

    A skill shows programs if all its Python blocks but one stand alone, or but one in ten.
    """
    if skill.manifest:
        return True
    if SKETCH.search(example.code):
        return False
    if PROGRAM.search(example.code):
        return True
    return _shows_programs(skill) and bool(UNIT.search(example.code))


@once_a_skill
def _shows_programs(skill: Skill) -> bool:
    blocks = python_blocks(skill)
    broken = {e for e, _, f in ruffed(skill) if f.code in {"F821", "F823", ruff.SYNTAX}}
    broken |= {e for e in blocks if error_of(e)}
    return len(blocks) >= 3 and (len(broken) <= 1 or len(blocks) >= 10 * len(broken))


def names_beside(skill: Skill, example: Example) -> set[str]:
    """The names that the other Python blocks of its skill bind, and those that its page speaks of as given."""
    others = [e for d in skill.documents for e in d.examples if e != example]
    bound = {name for e in others if e.language == "python" for name in names(e.code)}
    prose = (cell for d in skill.documents if d.path == example.path for row in d.prose for cell in row.cells)
    return bound | {name for cell in prose for name in SPOKEN.findall(cell)}


def is_slip(name: str, near: str | None) -> bool:
    """Whether a stranger's name is another one misspelt: no module, and not its plural, class, or a letter longer."""
    if near is None or name[0] != near[0] or name.lower() == near.lower() or name in sys.stdlib_module_names:
        return False
    return name.rstrip("s0123456789") != near.rstrip("s0123456789")


def is_sketch(code: str, line: int) -> bool:
    """Whether a block that does not parse shows that it is a sketch, a session, or a list of signatures."""
    lines = code.split("\n")
    hollow = lines[line - 2 : line] if line > 1 else lines[:1]
    return bool(
        SKETCH.search(code)
        or PROMPT.search(code)
        or (any(SIGNATURE.match(text) for text in lines[line - 1 : line]) and not _lacks_colon(lines, line))
        or any(text.lstrip().startswith("#") for text in hollow)
    )


def _lacks_colon(lines: list[str], line: int) -> bool:
    """Whether code is Python once a colon ends this line."""
    return parses("\n".join((*lines[: line - 1], f"{lines[line - 1]}:", *lines[line:])))


def is_whole(example: Example) -> bool:
    """Whether a stranger's block is more than a list of imports or a sketch."""
    body = parse(example.code).body
    return not SKETCH.search(example.code) and not all(isinstance(n, ast.Import | ast.ImportFrom) for n in body)


def is_part(code: str) -> bool:
    """Whether code parses once its indentation is taken off, whatever surrounds it."""
    try:
        part(code)
    except SyntaxError:
        return False
    return True


def error_of(example: Example) -> SyntaxError | None:
    """Why a block does not compile as a module; None where it does."""
    return _error(example.code)


@functools.lru_cache(maxsize=1024)
def _error(code: str) -> SyntaxError | None:
    try:
        compiled(code)
    except SyntaxError as error:
        return error
    return None


def is_sketch_of_text(block: Example) -> bool:
    """Whether a block in another language shows that it is a sketch."""
    further = SKETCHES.get("bash" if block.language == "sh" else block.language)
    shown = (SKETCH, PROMPT, BAD, *([further] if further else []))
    return any(pattern.search(block.code) for pattern in shown)


def is_foreign_sql(skill: Skill, block: Example) -> bool:
    """Whether a block may be SQL of another engine than PostgreSQL, since its page names one."""
    return block.language == "sql" and bool(DIALECTS.search(skill.texts[block.path]))


def is_collection(block: Example, message: str) -> bool:
    """Whether a block with this fault is several texts: one in each line, or with blank lines between.

    Each line of plain settings would pass for a text. Where a key stands twice it takes remarks between, all keys as
    often, or the key in three lines.
    """
    if block.language == "json" or not TWICE.search(message):
        is_plain = block.language == "yaml" and all(map(SETTING.fullmatch, block.code.split("\n")))
        return _is_split(block, BLANK_LINE) or (not is_plain and _is_split(block, LINE))
    numbers = {*Counter(TOP_KEY.findall(block.code)).values()}
    is_table = (len(numbers) == 1 and numbers != {1}) or VARIANTS.search(block.code)
    return bool(is_table) or _is_split(block, REMARK)


def _is_split(block: Example, mark: re.Pattern[str]) -> bool:
    texts = [part for part in mark.split(block.code) if part.strip()]
    return len(texts) > 1 and all(fault(block.language, text) is None for text in texts)
