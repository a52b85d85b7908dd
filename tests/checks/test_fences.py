"""Checks of fenced blocks in any language, which execute none of them."""

from __future__ import annotations

from packages import lone, package
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told

HEAD = "---\nname: orders\ndescription: Orders.\n---\n"
TOTALS = "rules/orders-totals.md"
KNOWN = "bash, console, diff, http, ini, json, markdown, python, sh, sql, text, toml, yaml"


def block(language: str, code: str) -> Skill:
    """A stranger's skill with one block, whose code begins in line 6."""
    return lone(f"{HEAD}```{language}\n{code}```\n")


def page(language: str, code: str) -> Skill:
    """The package with one more block, whose code begins in line 51 of a rule."""
    return package({TOTALS: ("## When not", f"```{language}\n{code}```\n\n## When not")})


def unparsable(language: str, code: str, line: int, message: str) -> tuple[Skill, list[str]]:
    """A block, and what is said of it."""
    return block(language, code), [f"SKILL.md:{line}: not {language}: {message}"]


FAULTS: Faults = {
    "unclosed-fence": {
        "a block of Markdown ends with a fence that it shows": (
            lone(f"{HEAD}```markdown\n# A\n\n```bash\nls\n```\n"),
            ["SKILL.md:5: the block ends with the fence that it shows in line 8: open it with four"],
        ),
        "the page ends inside a block": (lone(f"{HEAD}```text\na\n"), ["SKILL.md:5: fence is never closed"]),
        "the last line is not indented as a fence may be": (
            lone(f"{HEAD}```text\na\n    ```\n"),
            ["SKILL.md:5: fence is never closed"],
        ),
        "fewer backticks close it": (lone(f"{HEAD}````text\na\n```\n"), ["SKILL.md:5: fence is never closed"]),
        "the fence is the last line": (lone(f"{HEAD}\n```text"), ["SKILL.md:6: fence is never closed"]),
        "the next block opens inside it": (
            lone(f"{HEAD}```text\na\n```\n\n```bash\nls\n\n```yaml\na: 1\n```\n"),
            ["SKILL.md:9: fence is never closed before the next one opens, in line 12"],
        ),
        "a list ends before its block": (lone(f"{HEAD}- ```text\n  a\n\nb\n"), ["SKILL.md:5: fence is never closed"]),
    },
    "unknown-language": {
        "a bare fence": (page("", "a\n"), [f"{TOTALS}:50: no language; parsed are {KNOWN}"]),
        "an unknown language": (page("eggs", "a\n"), [f"{TOTALS}:50: unknown language 'eggs'; parsed are {KNOWN}"]),
        "a misspelt language": (
            page("pyhton", "a\n"),
            [f"{TOTALS}:50: unknown language 'pyhton'; did you mean 'python'"],
        ),
        "two letters swapped by a stranger": (
            block("ymal", "a: 1\n"),
            ["SKILL.md:5: unknown language 'ymal'; did you mean 'yaml'"],
        ),
        "a letter lost by a stranger": (
            block("pthon", "a = 1\n"),
            ["SKILL.md:5: unknown language 'pthon'; did you mean 'python'"],
        ),
        "a letter too many": (
            block("jsonn", "{}\n"),
            ["SKILL.md:5: unknown language 'jsonn'; did you mean 'json'"],
        ),
        "another letter": (block("bssh", "ls\n"), ["SKILL.md:5: unknown language 'bssh'; did you mean 'bash'"]),
    },
    "bare-fence": {
        "a stranger's Python": (
            block("", "import asyncio\nasyncio.run(main())\n"),
            ["SKILL.md:5: no language, and the block is Python"],
        ),
    },
    "pasted-prompt": {
        "a shell's": (block("bash", "$ pip install orders\n"), ["SKILL.md:6: the prompt '$' was pasted in"]),
        "a shell's in a package": (page("sh", "$ ls\n"), [f"{TOTALS}:51: the prompt '$' was pasted in"]),
        "Python's": (block("python", ">>> total(3)\n3\n"), ["SKILL.md:6: the prompt '>>>' was pasted in"]),
        "a notebook's": (block("python", "In [1]: total(3)\n"), ["SKILL.md:6: the prompt 'In [1]:' was pasted in"]),
    },
    "unparsable-block": {
        "JSON with a comma too many": unparsable("json", '{\n"a": 1,\n}\n', 7, "a comma before the closing bracket"),
        "JSON with a comma too few": unparsable("json", '{\n"a": 1\n"b": 2\n}\n', 7, "expecting ',' delimiter"),
        "YAML with an open list": unparsable(
            "yaml", "a: [\n", 6, "expected the node content, but found '<stream end>'"
        ),
        "JSON with a key twice": unparsable("json", '{\n"a": 1,\n"a": 2\n}\n', 8, "key 'a' is given twice"),
        "YAML with a key twice": unparsable("yaml", "a: 1\nb: 2\na: 3\n", 8, "key 'a' is given twice"),
        "YAML with a key twice below another": unparsable("yaml", "a:\n  b: 1\n  b: 2\n", 8, "key 'b' is given twice"),
        "a stranger's YAML with wrong indentation": (
            block("yaml", "limit: 100\n  currency: EUR\n"),
            ["SKILL.md:7: not yaml: mapping values are not allowed here"],
        ),
        "TOML with a key twice": unparsable("toml", "[a]\nb = 1\nb = 2\n", 8, "cannot overwrite a value"),
        "TOML with a table twice": unparsable("toml", "[a]\nb = 1\n[a]\n", 8, "cannot declare ('a',) twice"),
        "JSON with what is no number": unparsable("json", '{"a": NaN}\n', 6, "NaN is no number of JSON"),
        "TOML without a value": unparsable("toml", "a = 1\nb =\n", 7, "invalid value"),
        "INI without a section": (page("ini", "a = 1\n"), [f"{TOTALS}:51: not ini: file contains no section headers"]),
        "INI with a line that is none": unparsable("ini", "[a]\nb = 1\nc\n", 8, "source contains parsing errors"),
        "a sketch in a package": (
            page("json", '{"a": ...}\n'),
            [f"{TOTALS}:51: not json: expecting value"],
        ),
        "SQL with a misspelt word": unparsable("sql", "SELECT 1;\nSELEC 2;\n", 7, 'syntax error at or near "SELEC"'),
        "a shell's string without an end": unparsable("sh", "ls\necho 'a\n", 7, "syntax error"),
        "a shell loop that does not end": unparsable("bash", "ls\nfor i in; do\n", 7, "syntax error"),
    },
}

NEAR_MISSES: NearMisses = {
    "unclosed-fence": {
        "the package is sound": package(),
        "a fence in a fence": lone(f"{HEAD}````markdown\n```\n````\n"),
        "more backticks close it": lone(f"{HEAD}```text\na\n  `````  \n"),
        "tildes": lone(f"{HEAD}~~~text\n```\n~~~\n"),
        "in a list and in a quotation": lone(f"{HEAD}- ```text\n  a\n  ```\n\n> ```text\n> a\n> ```\n"),
        "an empty block": block("text", ""),
        "odd spaces before it count no lines": lone(f"{HEAD}a\x0cb\u2028c\n\n```text\nd\n```\n"),
    },
    "unknown-language": {
        "the package is sound": package(),
        "a language in capitals, with a title": block('Python title="a.py"', "x = 1\n"),
        "what is none is text": page("text", "a\n"),
        "short names of the same languages": page("py", "x = 1\n"),
        "a language that is not parsed": page("html", "a\n"),
        "a stranger's language": block("html", "a\n"),
        "a stranger's bare fence": block("", "a\n"),
        "a language near another": block("jsonc", "// a\n"),
        "a short word": block("bas", "a\n"),
        "a word like none": block("cypher5", "a\n"),
    },
    "bare-fence": {
        "the package is sound": package(),
        "text": block("", "import goods\nand more\n"),
        "a list of calls": block("", "a(b)\n"),
        "a word of Python": block("", "('class ')\n"),
        "a package has an error for it": page("", "import os\n"),
    },
    "pasted-prompt": {
        "the package is sound": package(),
        "a console": block("console", "$ ls\n"),
        "a variable": block("bash", "$HOME/bin/ls\n"),
        "a redirection": block("bash", ">>> a\n"),
        "a session has a name of its own": block("pycon", ">>> 1\n"),
        "a package has an error for it": page("python", ">>> 1\n"),
        "a shift": block("python", "a >>= 1\n"),
    },
    "unparsable-block": {
        "the package is sound": package(),
        "what strangers sketch": lone(
            HEAD
            + "".join(
                f"```{language}\n{code}\n```\n"
                for language, code in (
                    ("json", 'POST {"id": 1}'),
                    ("json", '{"private": true/false}'),
                    ("yaml", "---\nname: a\n---\n\n# A\n- b\nc: d\n"),
                    ("toml", '# in dependencies\n"httpx>=0.24"'),
                    ("sql", "INSERT OR REPLACE INTO a VALUES (1)"),
                    ("sql", "SELECT 1 WHERE id > $last_id"),
                    ("bash", '# BAD: syntax error\n{ echo "a" }'),
                )
            )
        ),
        "a language of queries that looks like SQL": lone(f"{HEAD}In JQL:\n```sql\n'A' IS EMPTY\n```\n"),
        "every language, correct": lone(
            HEAD
            + "".join(
                f"```{language}\n{code}\n```\n"
                for language, code in {
                    "json": '{"a": 1}',
                    "yaml": "a: [1]",
                    "toml": "a = 1",
                    "ini": "[a]\nb = 1",
                    "sql": "SELECT 1;",
                    "bash": "ls | wc",
                    "sh": "ls",
                    "text": "(",
                }.items()
            )
        ),
        "what bash takes and the grammar does not": block("bash", 'exec 3<<< "data for fd 3"\n'),
        "a stranger's JSON with dots": block("json", '{"jobs": [...]}\n'),
        "a stranger's JSON with comments": block("json", '{\n  "a": 1 // one\n}\n'),
        "a stranger's JSON with alternatives": block("json", '{"a": "b" | "c"}\n'),
        "a stranger's JSON lines": block("json", '{"a": 1}\n\n{"a": 2}\n'),
        "a stranger's piece of JSON": block("json", '"a": {"b": 1}\n'),
        "a stranger's request": block("json", 'POST /orders\n{"a": 1}\n'),
        "a stranger's shell with a name to fill in": block("bash", "cancel --order <id>\n"),
        "a stranger's shell with what may be left out": block("bash", "cancel [--now; --later]\n"),
        "a stranger's JSON with a formula": block("json", '{"rate": (count + 1) / total}\n'),
        "two pieces of a stranger's YAML": block("yaml", "a:\n  b: c\n\n- d: e\n"),
        "variants of a stranger's YAML": block("yaml", "a: 1  # one\na: 2  # another\n"),
        "variants below a key": block("yaml", "a: 1\nrule:\n  kind: a\n  kind: b  # or\n  kind: c\n"),
        "records of a stranger's YAML": block("yaml", "a: 1\nb: 2\na: 3\nb: 4\n"),
        "variants of a stranger's TOML": block("toml", "[a]\n# one\nb = 1\n# another\nb = 2\n"),
        "pieces of a stranger's YAML with one key": block("yaml", "on: push\n\njobs: {}\n\non: pull\n"),
        "keys of several mappings": block("yaml", "- a: 1\n- a: 1\n- b: {a: {a: 1}}\n---\na: 1\n---\na: 1\n"),
        "a stranger's outline": block("yaml", "Part A (first): done\n  - one\nPart B: open\n"),
        "a debugger's session": block("bash", "(lldb) run x\n"),
        "a pattern of a search": block("bash", "for $A in $$$B; do $$$C; done\n"),
        "a stranger's template": block("yaml", "a: {{ b }}\n"),
        "a stranger's settings": block("ini", "# all\na = 1\n"),
        "a unit of systemd": block("ini", "[Service]\nEnvironment=A=1\nEnvironment=B=2\n"),
        "SQL with parameters": block("sql", "SELECT * FROM orders WHERE id = :id\n"),
        "SQL of another engine": lone(f"{HEAD}On MySQL:\n\n```sql\nSHOW CREATE TABLE a;\n```\n"),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
