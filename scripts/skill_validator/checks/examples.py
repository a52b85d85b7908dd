"""The Python blocks of every document, without running them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from .. import ruff
from ..claims import PROMPT, error_of, is_held, is_part, is_sketch, is_slip, is_whole, names_beside
from ..diagnostics import Faults, check, warning
from ..floor import NEWEST, floor
from ..languages import nearest
from ..model import Document, Skill
from ..parts import Example, Place, Verdict
from ..placeholders import placeholders
from ..python import nodes, parses
from ..sources import CODE, covers, is_rule, names, plain, python_blocks, ruffed, source

# What a distribution is imported as, where that is not its name with underscores.
IMPORTED_AS = {
    "attrs": "attr",
    "beautifulsoup4": "bs4",
    "grpcio": "grpc",
    "opencv-python": "cv2",
    "opentelemetry-api": "opentelemetry",
    "opentelemetry-sdk": "opentelemetry",
    "pillow": "PIL",
    "protobuf": "google",
    "psycopg2-binary": "psycopg2",
    "pyjwt": "jwt",
    "pytest-asyncio": "pytest_asyncio",
    "python-dateutil": "dateutil",
    "python-dotenv": "dotenv",
    "python-jose": "jose",
    "python-multipart": "multipart",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}
ADDED = "syntax was added in"
DETECTED = re.compile(r" \(detected at line \d+\)")  # counted in the block, where the finding names the page's line
NAME = re.compile(r"[`'](\w+)[`']")


@check
def syntax_error(skill: Skill) -> Faults:
    """A Python block compiles.

    Breach: an unclosed bracket, `await` outside a function, a prompt or curly quotes pasted in. A skill without a
    manifest may show parts of programs: a block may be indented as a whole, or lack the function around it. But where
    nearly all of its blocks are programs, one with imports or definitions is taken for a program too. Mend it: make the
    block a program that Python compiles.
    """
    told = {(_culprit(e, place), ADDED in f.message) for e, place, f in ruffed(skill) if f.code == ruff.SYNTAX}
    unclosed = {(flaw.path, flaw.line + 1) for d in skill.documents for flaw in d.flaws if flaw.subject == "fence"}
    oldest = floor(skill)
    for example in python_blocks(skill):
        error = error_of(example)
        if not error or (example, True) in told or (example.path, example.line) in unclosed:
            continue
        line = error.lineno or 1
        if (example, False) not in told and _is_newer(example, error, NEWEST if oldest is None else oldest):
            continue
        if is_held(skill, example) or not (is_part(example.code) or is_sketch(example.code, line)):
            yield Place(example.path, example.line + line - 1), f"not Python: {_reason(example, line, error)}"


@check
def newer_syntax(skill: Skill) -> Faults:
    """A Python block is Python of the oldest version that the skill promises to run on.

    That is `targets.python`, `requires-python` of a pyproject.toml beside SKILL.md, or the version in
    `compatibility`. Breach: `type Orders = list[int]`, which is Python 3.12, where the skill says 3.11. Mend it:
    write it as the older Python does, or promise the newer one.
    """
    yield from _newer(skill)


@check
def undefined_name(skill: Skill) -> Faults:
    """Every name in a Python block is defined in it, in the page's Setup, or by Python.

    Breach: `engine.dispose()` where nothing made an `engine`. Mend it: import it, or take it as a parameter. In a
    skill without a manifest only programs are held to this, as `syntax-error` says, and names that look like a slip
    of the fingers: a letter away from another name of the block.
    """
    told = set()
    lost = {e.path for d in skill.documents for e in d.examples if e.label == "Setup:" and not e.is_setup}
    for example, place, finding in (found for found in ruffed(skill) if found[0].path not in lost):
        name = NAME.search(finding.message) if finding.code in {"F821", "F823"} else None
        if not name:
            continue
        near = nearest(name[1], names(source(example)) - {name[1]})
        if is_slip(name[1], near) or _is_missing(skill, example, name[1]):
            told.add((place, plain(finding.message) + (f"; did you mean {near!r}" if near else "")))
    yield from sorted(told, key=lambda t: (t[0].path, t[0].line, t[1]))


@warning
def unused_import(skill: Skill) -> Faults:
    """A Python block imports what it uses, and no more.

    Breach: `import os` in an example that never says `os`. An import in a Setup serves at least one example. Mend it:
    delete the import.
    """
    shared: dict[Example, set[Example]] = {}
    for example in python_blocks(skill):
        if example.setup:
            shared.setdefault(example.setup, set()).add(example)
    idle: dict[tuple[Place, str], set[Example]] = {}
    for example, place, finding in ruffed(skill):
        if finding.code == "F401":
            idle.setdefault((place, finding.message), set()).add(example)
    for (place, message), examples in idle.items():
        setup = next((s for s in shared if s.path == place.path and covers(s, place.line)), None)
        if (setup is None or examples == shared[setup]) and (skill.manifest or is_whole(next(iter(examples)))):
            yield place, plain(message)


@check
def undeclared_package(skill: Skill) -> Faults:
    """A Python block of a package imports the standard library, the manifest's targets and the skill's own files only.

    Breach: `import requests` where `targets` does not name it. Mend it: declare it, or do without. A file of a project,
    labelled with its path, also imports the other files: `app.models` is the block labelled `app/models.py`.
    """
    targets = skill.manifest.values.get("targets") if skill.manifest else None
    if not isinstance(targets, dict):
        return
    declared = {IMPORTED_AS.get(str(name).lower(), str(name).replace("-", "_")) for name in targets}
    declared |= sys.stdlib_module_names | {p.stem for p in skill.files if p.suffix == ".py"}
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
def placeholder_example(skill: Skill) -> Faults:
    """A Python block of a package is a program: nothing in it stands for code that was left out.

    Breach: an empty block, comments only, a function that is `...`, a `TODO`. Where a body is what the type says,
    in a Protocol, an overload or an abstract method, `...` is fine. Mend it: write the code.
    """
    for example in python_blocks(skill) if skill.manifest else ():
        if found := next(placeholders(example.code), None):
            yield Place(example.path, example.line + found[0] - 1), found[1]


@check
def idle_lint(skill: Skill) -> Faults:
    """The ruff rules in a trap's `Lint:` line flag its Incorrect example and not its Correct one.

    Breach: a rule that needs `--preview`, that flags both sides, or neither. Mend it: name the rule that flags the one
    side only, or drop the line.
    """
    traps = [(lint, trap) for page in skill.pages for trap in page.traps for lint in trap.lints]
    found = ruffed(skill)
    broken = {e for e, _, f in found if f.code == ruff.SYNTAX}
    for lint, trap in traps:
        codes = [code for code in lint.codes if CODE.fullmatch(code)]
        if not codes:
            yield lint, "no rule of ruff is named in `code`"
        for code in codes:
            flagged = {e.verdict for e, _, f in found if f.code == code and e in trap.examples and e.verdict}
            if not flagged and not is_rule(code):
                yield lint, f"ruff has no rule {code}"
                continue
            if flagged != {Verdict.INCORRECT} and not broken & set(trap.examples):
                yield lint, f"{code} flags {' and '.join(sorted(v.value for v in flagged)) or 'neither side'}"


def _is_missing(skill: Skill, example: Example, name: str) -> bool:
    """Whether a name that its block lacks is a fault: in a stranger's skill `arg1` is a placeholder."""
    if skill.manifest:
        return True
    return not name[-1].isdigit() and is_held(skill, example) and name not in names_beside(skill, example)


def _culprit(example: Example, place: Place) -> Example:
    """The Setup where a finding is in its lines, else the example."""
    return example.setup if example.setup and covers(example.setup, place.line) else example


def _modules(document: Document) -> set[str]:
    """The modules and packages that the files of a document's project are."""
    files = document.project.files if document.project else ()
    paths = [PurePosixPath(file.file).with_suffix("") for file in files if file.language == "python"]
    return {".".join(part.parts) for path in paths for part in (path, *path.parents) if part.parts}


def _is_newer(example: Example, error: SyntaxError, oldest: int) -> bool:
    """Whether what ruff takes and this Python does not may be syntax that is newer than this Python.

    What has a tree and is still refused, such as `return` outside a function, was never Python.
    """
    is_refused = parses(example.code) or "nested" in str(error.args[0])
    return oldest > sys.version_info.minor and not is_refused


def _newer(skill: Skill) -> list[tuple[Place, str]]:
    found = (f for f in ruffed(skill) if f[2].code == ruff.SYNTAX and ADDED in f[2].message)
    return list(dict.fromkeys((place, plain(finding.message)) for _, place, finding in found))


def _reason(example: Example, line: int, error: SyntaxError) -> str:
    prompt = PROMPT.match(example.code.split("\n")[line - 1].lstrip())
    return f"the prompt {prompt[1]!r} was pasted in" if prompt else DETECTED.sub("", str(error.args[0]))


def _imports(example: Example) -> Iterator[tuple[int, str]]:
    try:
        found = nodes(example.code) if "import" in example.code else ()
    except SyntaxError:
        return
    for node in found:
        if isinstance(node, ast.Import):
            yield from ((example.line + node.lineno - 1, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield example.line + node.lineno - 1, node.module
