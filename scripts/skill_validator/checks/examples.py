"""The fenced blocks of every document, without running them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from .. import ruff
from ..blocks import PARSERS, PLAIN, fault
from ..diagnostics import Faults, check, warning
from ..model import Document, Example, Place, Skill, Verdict
from ..python import compiled, parse

# What a distribution is called and what it is imported as, where the two differ.
IMPORTED_AS = {
    "opentelemetry-api": "opentelemetry",
    "opentelemetry-sdk": "opentelemetry",
    "python-multipart": "multipart",
}


@check
def unclosed_fence(skill: Skill) -> Faults:
    """A fence that opens a code block is closed again.

    Breach: three backticks at the end of the page are missing, and the rest of the page becomes code. Mend it: close
    the block with as many backticks as opened it.
    """
    for document in skill.documents:
        yield from ((flaw, flaw.message) for flaw in document.flaws if flaw.subject == "fence")


@check
def unknown_language(skill: Skill) -> Faults:
    """A fenced block says its language, and it is one that the validator can parse, or `text` for what is none.

    Breach: a bare fence, or `pyhton`. Mend it: write the language behind the backticks, or `text`.
    """
    known = {"python", *PARSERS, *PLAIN}
    for document in skill.documents:
        for block in document.examples:
            if block.language not in known:
                said = f"unknown language {block.language!r}" if block.language else "no language"
                yield Place(block.path, block.line - 1), f"{said}; known are {', '.join(sorted(known))}"


@check
def syntax_error(skill: Skill) -> Faults:
    """A Python block compiles.

    Breach: an unclosed bracket, `await` outside a function, a prompt pasted in. Mend it: make the block a program that
    Python compiles.
    """
    for example in _python(skill):
        try:
            compiled(example.code)
        except SyntaxError as error:
            yield Place(example.path, example.line + (error.lineno or 1) - 1), f"not Python: {error.args[0]}"


@check
def undefined_name(skill: Skill) -> Faults:
    """Every name in a Python block is defined in it, in the page's Setup, or by Python.

    Breach: `engine.dispose()` where nothing made an `engine`. Mend it: import it, or take it as a parameter.
    """
    setups = _shared(skill)
    examples = [e for e in _python(skill) if not e.is_setup or e not in setups]
    told = set()
    for finding in (f for f in ruff.find(tuple(_source(e) for e in examples), ("F821",)) if f.code == "F821"):
        example = examples[finding.source]
        setup = example.setup
        before = setup.code.count("\n") if setup else 0
        inside = setup if setup and finding.line <= before else example
        line = finding.line - (0 if inside is setup else before)
        told.add((Place(inside.path, inside.line + line - 1), _plain(finding.message)))
    yield from told


@warning
def unused_import(skill: Skill) -> Faults:
    """A Python block imports what it uses, and no more.

    Breach: `import os` in an example that never says `os`. An import in a Setup serves at least one example. Mend it:
    delete the import.
    """
    setups = _shared(skill)
    alone = [e for e in _python(skill) if not e.is_setup or e not in setups]
    whole = [setup.code + "".join(e.code for e in alone if e.setup == setup) for setup in setups]
    for finding in (f for f in ruff.find((*(e.code for e in alone), *whole), ("F401",)) if f.code == "F401"):
        block = (*alone, *setups)[finding.source]
        if finding.line <= block.code.count("\n"):
            yield Place(block.path, block.line + finding.line - 1), _plain(finding.message)


@check
def undeclared_package(skill: Skill) -> Faults:
    """A Python block of a package imports the standard library and the manifest's targets only.

    Breach: `import requests` where `targets` does not name it. Mend it: declare it, or do without. A file of a project,
    labelled with its path, also imports the other files: `app.models` is the block labelled `app/models.py`.
    """
    targets = skill.manifest.values.get("targets") if skill.manifest else None
    if not isinstance(targets, dict):
        return
    declared = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in targets} | sys.stdlib_module_names
    for document in skill.documents:
        own = _modules(document)
        for example in (e for e in document.examples if e.language == "python"):
            for line, module in _imports(example):
                top = module.partition(".")[0]
                if top in own and module not in own:
                    yield Place(example.path, line), f"{module} is no file of this project"
                elif top not in declared and module not in own:
                    yield (
                        Place(example.path, line),
                        f"{module} is neither in the standard library nor in the manifest's targets",
                    )


@check
def unparsable_block(skill: Skill) -> Faults:
    """A block in JSON, YAML, TOML, INI, SQL or shell parses as what it says it is.

    SQL is PostgreSQL's own grammar. Nothing is executed. Breach: a trailing comma in JSON, a quote that is never closed
    in shell. Mend it: correct the block, or label it `text`.
    """
    for document in skill.documents:
        for block in document.examples:
            if found := fault(block.language, block.code):
                line, message = found
                yield Place(block.path, block.line + line - 1), f"not {block.language}: {message}"


@check
def idle_lint(skill: Skill) -> Faults:
    """The ruff rules in a trap's `Lint:` line flag its Incorrect example and not its Correct one.

    Breach: a rule that needs `--preview`, that flags both sides, or neither. Mend it: name the rule that flags the one
    side only, or drop the line.
    """
    traps = [(lint, trap) for page in skill.pages for trap in page.traps for lint in trap.lints]
    for lint, trap in traps:
        sides = [e for e in trap.examples if e.verdict]
        codes = [code for code in lint.codes if re.fullmatch(r"[A-Z]+\d+", code)]
        if not codes:
            yield lint, "no rule of ruff is named in `code`"
            continue
        for code in codes:
            try:
                found = ruff.find(tuple(_source(e) for e in sides), (code,))
            except ruff.UnknownRuleError:
                yield lint, f"ruff has no rule {code}"
                continue
            flagged = {sides[f.source].verdict for f in found if f.code == code}
            if flagged != {Verdict.INCORRECT}:
                yield lint, f"{code} flags {' and '.join(sorted(v.value for v in flagged if v)) or 'neither side'}"


def _python(skill: Skill) -> list[Example]:
    return [e for d in skill.documents for e in d.examples if e.language == "python"]


def _modules(document: Document) -> set[str]:
    """The modules and packages that the files of a document's project are."""
    files = document.project.files if document.project else ()
    paths = [PurePosixPath(file.file).with_suffix("") for file in files if file.language == "python"]
    return {".".join(part.parts) for path in paths for part in (path, *path.parents) if part.parts}


def _source(example: Example) -> str:
    return (example.setup.code if example.setup else "") + example.code


def _shared(skill: Skill) -> tuple[Example, ...]:
    """The Setups that some example shares."""
    return tuple(dict.fromkeys(e.setup for e in _python(skill) if e.setup))


def _plain(message: str) -> str:
    return message[0].lower().replace("`", "'") + message[1:].replace("`", "'")


def _imports(example: Example) -> Iterator[tuple[int, str]]:
    try:
        tree = parse(example.code if "import" in example.code else "")
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((example.line + node.lineno - 1, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield example.line + node.lineno - 1, node.module
