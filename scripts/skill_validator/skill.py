"""Path -> Skill. The only module that reads the disk."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from .encoding import decoded
from .mapped import read_json
from .markdown import read_document
from .model import Flaw, Mapped, Proof, Skill
from .python import parse

NOT_SEARCHED = {".git", ".venv", "node_modules", "__pycache__"}
MAPPINGS = ("manifest.json", ".claude-plugin/plugin.json", ".claude-plugin/marketplace.json")
NOT_LISTED = {"node_modules", "__pycache__"}
READ_BY_CLIENTS = {".claude-plugin", ".mcp.json", ".lsp.json"}
NOT_READ = {"tests", "dist", "build"}


class SkillUnreadableError(Exception):
    """The path holds no skill, or one that cannot be opened: nothing was checked."""


def find_skills(path: Path) -> Iterator[Path]:
    """The roots of the skills at `path`: a skill folder, its SKILL.md, or a folder that holds skills at any depth.

    Raises SkillUnreadableError when there is none.
    """
    if path.name == "SKILL.md" and path.is_file():
        yield path.parent.resolve()
        return
    if not path.is_dir():
        raise SkillUnreadableError(f"{path}: {'not a SKILL.md' if path.exists() else 'no such folder'}")
    roots = [path] if (path / "SKILL.md").exists() else list(_below(path))
    if not roots:
        raise SkillUnreadableError(f"{path}: no SKILL.md in it or below it")
    yield from (root.resolve() for root in roots)


def _below(folder: Path) -> Iterator[Path]:
    """The folders that hold a SKILL.md; a skill is not searched for further ones."""
    for here, names, files in os.walk(folder):
        names[:] = [] if "SKILL.md" in files else sorted(n for n in names if n not in NOT_SEARCHED)
        if "SKILL.md" in files:
            yield Path(here)


def read_skill(root: Path) -> Skill:
    """Read the skill in the folder `root`. Bad content becomes flaws.

    Raises SkillUnreadableError when the folder or its SKILL.md cannot be read.
    """
    files = frozenset(_walk(root))
    flaws: list[Flaw] = []
    texts = {path: _text(path, flaws) for path in sorted(files) if _is_read(root, path) and path.is_file()}
    if root / "SKILL.md" not in texts:
        raise SkillUnreadableError(f"{root / 'SKILL.md'}: not a readable file")
    return build_skill(root, texts, files, flaws, is_checkout=(root / ".git").exists())


def build_skill(
    root: Path,
    texts: Mapping[Path, str],
    files: AbstractSet[Path],
    flaws: Sequence[Flaw] = (),
    *,
    is_checkout: bool = False,
) -> Skill:
    """The skill that these texts make up; among them is SKILL.md. The disk is not asked."""
    documents = tuple(read_document(path, text) for path, text in texts.items() if path.suffix == ".md")
    wrong: list[Flaw] = []
    manifest, plugin, marketplace = (_json(root / name, texts, wrong) for name in MAPPINGS)
    proofs = _proofs(root, texts, wrong) if root / "tests" / "proofs" in files else None
    return Skill(
        root,
        documents,
        frozenset(files),
        texts,
        manifest,
        (*flaws, *wrong),
        proofs,
        is_checkout,
        plugin=plugin,
        marketplace=marketplace,
    )


def page_of(root: Path, module: Path, exists: Callable[[Path], bool] = Path.is_file) -> Path | None:
    """The document that a proof module mirrors: `rules/a-b.md` for `test_a_b.py`, `SKILL.md` for `test_skill.py`."""
    stem = module.stem.removeprefix("test_").replace("_", "-")
    places = (root / "rules" / f"{stem}.md", root / "references" / f"{stem}.md", root / f"{stem.upper()}.md")
    return next((place for place in places if exists(place)), None)


def _walk(root: Path) -> Iterator[Path]:
    """Every file and folder below `root` but hidden ones that no client reads; links are listed, never followed."""
    for folder, names, files in os.walk(root):
        names[:] = [n for n in names if n in READ_BY_CLIENTS or not (n.startswith(".") or n in NOT_LISTED)]
        yield from (Path(folder, n) for n in (*names, *files) if n in READ_BY_CLIENTS or not n.startswith("."))


def _is_read(root: Path, path: Path) -> bool:
    within = path.relative_to(root).parts
    if within[:2] == ("tests", "proofs"):
        return len(within) == 3 and path.match("test_*.py")
    return "/".join(within) in MAPPINGS or (path.suffix == ".md" and within[0] not in NOT_READ)


def _json(path: Path, texts: Mapping[Path, str], flaws: list[Flaw]) -> Mapped | None:
    if path not in texts:
        return None
    mapped, found = read_json(path, texts[path])
    flaws += found
    return mapped


def _text(path: Path, flaws: list[Flaw]) -> str:
    try:
        text, flaw = decoded(path, path.read_bytes())
    except OSError as error:
        raise SkillUnreadableError(f"{path}: {error.strerror}") from error
    flaws += flaw
    return text


def _proofs(root: Path, texts: Mapping[Path, str], flaws: list[Flaw]) -> tuple[Proof, ...]:
    """The test functions in `tests/proofs`."""
    found: list[Proof] = []
    for module, text in texts.items():
        if module.suffix != ".py":
            continue
        page = page_of(root, module, texts.__contains__)
        try:
            body = parse(text).body
        except SyntaxError as error:
            flaws.append(Flaw(module, error.lineno or 1, f"not Python: {error.args[0]}"))
            continue
        functions = (n for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
        tests = [f for f in functions if f.name.startswith("test_")]
        found += (Proof(module, f.lineno, page, f.name.removeprefix("test_").replace("_", "-")) for f in tests)
    return tuple(found)
