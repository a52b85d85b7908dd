"""The scanned project: which file an import leads to. Modules are kept while there is room."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePath

from .module import Definition, Module
from .reading import UnreadableError, read
from .tree import parse

DOWN = re.compile(r"^down_revision\b.*$", re.MULTILINE)
KEPT = 1_500_000  # characters, whose trees take some 60 MB
FOLLOWED = 8


class Project:
    """The Python files of a project, by path; `texts` holds what need not be read from the disk."""

    def __init__(self, paths: Iterable[str] = (), texts: dict[str, str] | None = None) -> None:
        self.texts = texts or {}
        self._paths = {self._parts(path): path for path in (*paths, *self.texts)}
        self._by_stem: dict[str, list[tuple[str, ...]]] = {}
        for parts in filter(None, self._paths):
            self._by_stem.setdefault(parts[-1], []).append(parts)
        self.current: Module | None = None
        self._kept: dict[str, Module] = {}
        self._room = KEPT
        self._broken: set[str] = set()
        self.file = lru_cache(maxsize=4096)(self._file)
        self._superseded = lru_cache(maxsize=16)(self._lines)

    def module(self, path: str) -> Module | None:
        """The module in a file: the one that is being scanned, or another; None where it cannot be read."""
        if self.current is not None and self.current.path == path:
            return self.current
        if path in self._kept:
            self._kept[path] = self._kept.pop(path)  # to the end: what was asked for last goes last
            return self._kept[path]
        if path in self._broken:
            return None
        try:
            return self.parsed(path, self.texts[path] if path in self.texts else read(path))
        except (UnreadableError, SyntaxError):
            self._broken.add(path)
            return None

    def parsed(self, path: str, text: str, tree: ast.Module | None = None) -> Module:
        """The module of a text, kept for those that import it as long as there is room. Raises SyntaxError.

        The text is not parsed where the caller has its `tree`.
        """
        found = self._kept.get(path)
        if found is None or found.text != text:
            found = Module(path, text, tree or parse(text, path), self)
            self._forget(path)
            self._kept[path] = found
            self._room -= len(text)
            while self._room < 0 and len(self._kept) > 1:
                self._forget(next(iter(self._kept)))
        return found

    def _forget(self, path: str) -> None:
        if gone := self._kept.pop(path, None):
            self._room += len(gone.text)

    def absolute(self, path: str, module: str, level: int) -> str:
        """The name of what a relative import names, as the importing file's path tells it."""
        if not level:
            return module
        parts = PurePath(path).parts[:-1]
        base = parts[: len(parts) - level + 1]
        return ".".join((*(_part(p) for p in base if p not in {"/", "."}), *([module] if module else [])))

    def origin(self, dotted: str, path: str) -> str:
        """A dotted name as the library knows it: what the project's own modules only hand on is followed."""
        if "." not in dotted or dotted.partition(".")[0] in sys.stdlib_module_names:
            return dotted
        found = self.find(dotted, path)
        return found if isinstance(found, str) else dotted

    def find(self, dotted: str, path: str, depth: int = 0) -> Definition | str | None:
        """What a dotted name means to the module in `path`: a definition in the project, or a library's name."""
        base, _, name = dotted.rpartition(".")
        if not base or depth > FOLLOWED or dotted.partition(".")[0] in sys.stdlib_module_names:
            return dotted if base else None
        file = self.file(base, path)
        if file is None:
            return dotted
        module = self.module(file)
        if module is None:
            return None
        if name in module.definitions:
            return Definition(module, module.definitions[name])
        if module.exports.get(name, dotted) != dotted:
            return self.find(module.exports[name], file, depth + 1)
        return self._starred(module, name, depth)

    def _starred(self, module: Module, name: str, depth: int) -> Definition | str | None:
        for base in module.stars:
            found = self.find(f"{base}.{name}", module.path, depth + 1)
            if isinstance(found, Definition):
                return found
        return None

    def class_named(self, kind: str) -> tuple[Module, ast.ClassDef] | None:
        """The class of a kind that `Module.kind` gave, where it is the project's."""
        path, colons, name = kind.partition("::")
        module = self.module(path) if colons else None
        node = module.definitions.get(name) if module else None
        if module and node is None:
            node = next((c for c in module.nodes(ast.ClassDef) if c.name == name), None)
        return (module, node) if module and isinstance(node, ast.ClassDef) else None

    def superseded(self, path: str) -> str:
        """The `down_revision` lines of the migrations in the folder of `path`: what has come after."""
        return self._superseded(str(PurePath(path).parent))

    def _lines(self, folder: str) -> str:
        files = (path for path in self._paths.values() if str(PurePath(path).parent) == folder)
        return "\n".join(line for path in files for line in DOWN.findall(self.text(path)))

    def sets_lock_timeout(self, path: str) -> bool:
        """Whether the env.py above a folder of migrations sets a `lock_timeout` for all of them."""
        env = PurePath(path).parent.parent / "env.py"
        return "lock_timeout" in self.text(str(env))

    def text(self, path: str) -> str:
        """The text of a file of the project; empty where it cannot be read."""
        try:
            return self.texts[path] if path in self.texts else read(path)
        except UnreadableError:
            return ""

    def _file(self, dotted: str, path: str) -> str | None:
        """The file of the module `dotted`: of those whose path ends like it the one nearest to the importing file."""
        wanted = tuple(dotted.split("."))
        found = [p for p in self._by_stem.get(wanted[-1], ()) if p[-len(wanted) :] == wanted]
        if not found:
            return None
        own = self._parts(path)
        return self._paths[max(found, key=lambda p: (_common(p, own), -len(p), p))]

    @staticmethod
    def _parts(path: str) -> tuple[str, ...]:
        parts = tuple(map(_part, PurePath(path).with_suffix("").parts))
        return parts[:-1] if parts[-1] == "__init__" else parts


def _part(folder: str) -> str:
    """A folder's name as a part of a dotted one."""
    return folder.replace(".", "_")


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
