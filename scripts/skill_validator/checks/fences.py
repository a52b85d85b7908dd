"""What fenced blocks say they are, and whether those that are not Python are it."""

from __future__ import annotations

import ast

from ..blocks import PARSERS, PLAIN, fault
from ..claims import PROMPT, is_collection, is_foreign_sql, is_sketch_of_text
from ..diagnostics import Faults, check, warning
from ..languages import ALIASES, OTHERS, nearest
from ..model import Skill
from ..parts import Example, Place
from ..python import parse

KNOWN = {"python", *PARSERS, *PLAIN}
CODE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ImportFrom, ast.Import, ast.With, ast.AsyncWith)


@check
def unclosed_fence(skill: Skill) -> Faults:
    """A fence that opens a code block is closed again.

    Breach: three backticks at the end of the page are missing, and the rest of the page becomes code; or a block of
    Markdown shows a fence with as many backticks as its own, and ends where that one does. Mend it: close the block
    with as many backticks as opened it, and open one that shows fences with four.
    """
    for document in skill.documents:
        yield from ((flaw, flaw.message) for flaw in document.flaws if flaw.subject in {"fence", "inner fence"})


@check
def unknown_language(skill: Skill) -> Faults:
    """A fenced block says its language, and it is one that there is, or `text` for what is none.

    Breach: a bare fence, or `pyhton`. In a skill without a manifest only what is one slip away from a language that
    would have been parsed. Mend it: write the language behind the backticks, or `text`.
    """
    for block in _blocks(skill):
        near = nearest(block.language, ALIASES)
        if block.language in KNOWN | OTHERS or (not skill.manifest and not near):
            continue
        said = f"unknown language {block.language!r}" if block.language else "no language"
        help_ = f"did you mean {near!r}" if near else f"parsed are {', '.join(sorted(KNOWN))}"
        yield Place(block.path, block.line - 1), f"{said}; {help_}"


@warning
def bare_fence(skill: Skill) -> Faults:
    """A fence around code says in which language it is: without, the code is neither checked nor coloured.

    Breach: three backticks alone above `import asyncio`. In a package this is an error, `unknown-language`. Mend it:
    write `python` behind the backticks.
    """
    for block in _blocks(skill) if not skill.manifest else ():
        if not block.language and _is_python(block.code):
            yield Place(block.path, block.line - 1), "no language, and the block is Python"


@warning
def pasted_prompt(skill: Skill) -> Faults:
    """A block in shell or Python holds what is typed, without the prompt before it.

    Breach: `$ pip install`, or `>>> total(3)`. Mend it: take the prompt off, or call the block `console` or `pycon`.
    In a package a prompt in a Python block is an error, `syntax-error`.
    """
    for block in _blocks(skill):
        shell = block.language in {"bash", "sh"}
        prompt = PROMPT.match(block.code)
        if prompt and (prompt[1] == "$" if shell else block.language == "python" and not skill.manifest):
            yield block, f"the prompt {prompt[1]!r} was pasted in"


@check
def unparsable_block(skill: Skill) -> Faults:
    """A block in JSON, YAML, TOML, INI, SQL or shell parses as what it says it is.

    SQL is PostgreSQL's own grammar. Nothing is executed. Breach: a comma too many in JSON, an open quote in shell.
    In a skill without a manifest, a block that shows by `...`,
    `<name>`, comments or braces of a template that it is a sketch is left alone, and so are several texts in one block,
    and SQL on a page that names another engine. Mend it: correct the block, or label it `text`.
    """
    for block in _blocks(skill):
        if not skill.manifest and (is_sketch_of_text(block) or is_foreign_sql(skill, block)):
            continue
        found = fault(block.language, block.code)
        if found and (skill.manifest or not is_collection(block, found[1])):
            line, message = found
            yield Place(block.path, block.line + line - 1), f"not {block.language}: {message}"


def _blocks(skill: Skill) -> list[Example]:
    return [block for document in skill.documents for block in document.examples]


def _is_python(code: str) -> bool:
    try:
        tree = parse(code if any(word in code for word in ("def ", "import ", "class ", "with ")) else "")
    except SyntaxError:
        return False
    return any(isinstance(node, CODE) for node in tree.body)
