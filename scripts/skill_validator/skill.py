"""Path -> Skill. The only module that reads the disk."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from os.path import exists, isdir, isfile  # those of a Path raise where a name is too long to be one
from pathlib import Path

from pathspec import GitIgnoreSpec

from .bounded import in_two
from .encoding import decoded
from .mapped import read_json
from .markdown import read_document
from .model import Document, Mapped, Proof, Skill
from .parts import Flaw
from .python import parse

NOT_SEARCHED = {".git", ".venv", "node_modules", "__pycache__"}
MAPPINGS = ("manifest.json", ".claude-plugin/plugin.json", ".claude-plugin/marketplace.json")
NOT_READ = {"tests", "dist", "build"}
SCRIPTS = {
    ".py",
    ".sh",
    ".bash",
    ".zsh",
    ".js",
    ".mjs",
    ".ts",
    ".rb",
    ".ps1",
    ".json",
    ".yaml",
    ".yml",
    ".toml",
    ".txt",
}
LONGEST_TEXT, BEGINNING = 2_000_000, 65_536  # bytes; half a million tokens are no page
LONGEST_SCRIPT = 500_000  # bytes; what is longer is data
LONGEST_PATH = 3500  # bytes of a folder's path: with a name in it, it is still one that Linux can open
HEAD = 1024
EFFORT = {".md": 2, ".py": 1}  # how long a character of these takes to parse, beside others
PACKAGE = {"ruleCount", "categoryCount", "categories", "rules", "activation", "targets", "tested"}  # of our manifest
EXECUTABLES = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xcf")
ARCHIVES = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"\x00asm")


class SkillUnreadableError(Exception):
    """The path holds no skill, or one that cannot be opened: nothing was checked."""


def find_skills(path: Path) -> Iterator[Path]:
    """The roots of the skills at `path`: a skill folder, its SKILL.md, or a folder that holds skills at any depth.

    Raises SkillUnreadableError when there is none.
    """
    if path.name == "SKILL.md" and isfile(path):
        yield path.parent.resolve()
        return
    if not isdir(path):
        raise SkillUnreadableError(f"{path}: {'not a SKILL.md' if exists(path) else 'no such folder'}")
    roots = [path] if exists(path / "SKILL.md") else list(_below(path))
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
    flaws: list[Flaw] = []
    files, hidden = _walk(root, flaws)
    symlinks = {path: _end(root, path) for path in sorted(files | hidden) if path.is_symlink()}
    own = [path for path in sorted(files) if symlinks.get(path, path).is_relative_to(root) and isfile(path)]
    named = [path for name in MAPPINGS[1:] if isfile(path := root / name)]  # hidden, and read by clients
    read = [path for path in own if _is_read(root, path)] + [p for p in named if _end(root, p).is_relative_to(root)]
    texts = {path: _text(path, flaws) for path in sorted(read)}
    if root / "SKILL.md" not in texts:
        raise SkillUnreadableError(f"{root / 'SKILL.md'}: not a readable file")
    others = [path for path in own if path not in texts and path.relative_to(root).parts[0] not in NOT_READ]
    scripts = {path: text for path in others if (text := _script(path, flaws)) is not None}
    skill = build_skill(root, texts, files, flaws, is_checkout=exists(root / ".git"))
    return replace(skill, scripts=scripts, hidden=_shipped(root, hidden), symlinks=symlinks)


def build_skill(
    root: Path,
    texts: Mapping[Path, str],
    files: AbstractSet[Path],
    flaws: Sequence[Flaw] = (),
    *,
    is_checkout: bool = False,
) -> Skill:
    """The skill that these texts make up; among them is SKILL.md. The disk is not asked."""
    parts = in_two(
        lambda path: read_document(path, texts[path]) if path.suffix == ".md" else _tests(root, path, texts),
        [path for path in texts if path.suffix in EFFORT],
        lambda path: EFFORT[path.suffix] * len(texts[path]),
    )
    documents = tuple(part for part in parts if isinstance(part, Document))
    tests = [found for part in parts if not isinstance(part, Document) for found in part]
    proofs = tuple(found for found in tests if isinstance(found, Proof)) if root / "tests" / "proofs" in files else None
    wrong = [found for found in tests if isinstance(found, Flaw)]
    manifest, plugin, marketplace = (_json(root / name, texts, wrong) for name in MAPPINGS)
    is_ours = manifest is not None and (not manifest.values or len(PACKAGE & manifest.values.keys()) > 4)
    skill = Skill(root, documents, frozenset(files), texts, None, (*flaws, *wrong), proofs, is_checkout)
    skill = replace(skill, plugin=plugin, marketplace=marketplace)
    return replace(skill, manifest=manifest) if is_ours else replace(skill, foreign_manifest=manifest)


def page_of(root: Path, module: Path, exists: Callable[[Path], bool] = Path.is_file) -> Path | None:
    """The document that a proof module mirrors: `rules/a-b.md` for `test_a_b.py`, `SKILL.md` for `test_skill.py`."""
    stem = module.stem.removeprefix("test_").replace("_", "-")
    places = (root / "rules" / f"{stem}.md", root / "references" / f"{stem}.md", root / f"{stem.upper()}.md")
    return next((place for place in places if exists(place)), None)


def _walk(root: Path, flaws: list[Flaw]) -> tuple[frozenset[Path], frozenset[Path]]:
    """Every file and folder below `root`: those that make up the skill, and those that are not looked into.

    Symbolic links are listed, never followed. What has a longer path than systems can open is a flaw.
    """
    found: list[Path] = []
    hidden: list[Path] = []
    for folder, names, files in os.walk(root):
        if len(os.fsencode(folder)) > LONGEST_PATH:
            top = root / Path(folder).relative_to(root).parts[0]
            flaws.append(Flaw(top, 1, "folders nested too deep: what is in the last of them was not read"))
            names.clear()
            continue
        for name in (*names, *files):
            is_hidden = name.startswith(".") or (name in NOT_SEARCHED and name in names)
            (hidden if is_hidden else found).append(Path(folder, name))
        names[:] = [n for n in names if not n.startswith(".") and n not in NOT_SEARCHED]
    return frozenset(found), frozenset(hidden)


def _end(root: Path, symlink: Path) -> Path:
    """Where a symbolic link leads in the end, below `root` by its own name; itself where it leads in a circle."""
    real, end = Path(os.path.realpath(root)), Path(os.path.realpath(symlink))
    return root / end.relative_to(real) if end.is_relative_to(real) else end


def _shipped(root: Path, hidden: AbstractSet[Path]) -> frozenset[Path]:
    """Without what git ignores, where the skill is a checkout: that is on this machine and in no copy of the skill."""
    try:
        lines = (root / ".gitignore").read_text(encoding="utf-8").splitlines() if exists(root / ".git") else []
        ignored = GitIgnoreSpec.from_lines(lines)
    except (OSError, ValueError):
        return frozenset(hidden)
    names = {path: path.relative_to(root).as_posix() for path in hidden}
    return frozenset(
        path for path, name in names.items() if not ignored.match_file(name) and not ignored.match_file(f"{name}/")
    )


def _is_read(root: Path, path: Path) -> bool:
    within = path.relative_to(root).parts
    if within[:2] == ("tests", "proofs"):
        return len(within) == 3 and path.match("test_*.py")
    return within == ("manifest.json",) or (path.suffix == ".md" and within[0] not in NOT_READ)


def _json(path: Path, texts: Mapping[Path, str], flaws: list[Flaw]) -> Mapped | None:
    if path not in texts:
        return None
    mapped, found = read_json(path, texts[path])
    flaws += found
    return mapped


def _text(path: Path, flaws: list[Flaw]) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_TEXT + 1)
        if len(data) > LONGEST_TEXT:
            flaws.append(Flaw(path, 1, f"larger than {LONGEST_TEXT:,} bytes; only its beginning was read", "file"))
            data = data[: data.rfind(b"\n", 0, BEGINNING) + 1]
        text, flaw = decoded(path, data)
        kind = _binary(data[:HEAD])
        if kind and not any("UTF-16" in f.message for f in flaw):
            flaw = (Flaw(path, 1, kind, "binary"),)
    except OSError as error:
        raise SkillUnreadableError(f"{path}: {error.strerror}") from error
    flaws += flaw
    return text


def _script(path: Path, flaws: list[Flaw]) -> str | None:
    """The text of code or data beside the pages; None for what is neither, or too long."""
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_SCRIPT + 1 if path.suffix.lower() in SCRIPTS else HEAD)
    except OSError:
        return None
    kind = _binary(data[:HEAD])
    if kind and (path.suffix.lower() in SCRIPTS or data.startswith(EXECUTABLES)):
        flaws.append(Flaw(path, 1, kind, "binary"))
        return None
    if path.suffix.lower() not in SCRIPTS and not data.startswith(b"#!"):
        return None
    return data.decode("utf-8", errors="replace") if len(data) <= LONGEST_SCRIPT else None


def _binary(head: bytes) -> str:
    """What kind of binary a file is whose name says text, by its first bytes; empty for text."""
    if head.startswith(EXECUTABLES):
        return "an executable"
    if head.startswith(ARCHIVES):
        return "an image, a document or an archive"
    return "binary data" if b"\0" in head else ""


def _tests(root: Path, module: Path, texts: Mapping[Path, str]) -> Sequence[Proof | Flaw]:
    """The test functions in a module of `tests/proofs`."""
    page = page_of(root, module, texts.__contains__)
    try:
        body = parse(texts[module]).body
    except SyntaxError as error:
        return (Flaw(module, error.lineno or 1, f"not Python: {error.args[0]}"),)
    functions = (n for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    tests = (f for f in functions if f.name.startswith("test_"))
    return [Proof(module, f.lineno, page, f.name.removeprefix("test_").replace("_", "-")) for f in tests]
