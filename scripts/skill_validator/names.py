"""The names of a skill's files, as its pages may give them."""

from __future__ import annotations

from collections.abc import Iterable

from .languages import nearest

OWN = {"references", "reference", "rules", "scripts", "assets", "templates", "resources", "examples"}
LOOSE = {"skill.md", "readme.md", "claude.md", "agents.md", "changelog.md", "license.txt", "robots.txt"}


class Names:
    """The names of a skill's files, as its pages may give them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.own: set[str] = set()
        self._paths: dict[str, list[str]] = {}
        for path in paths:
            self._paths.setdefault(path.rpartition("/")[2], []).append(path)
            self.own |= OWN & {path.partition("/")[0]}
        self._folded = {name.casefold(): name for name in self._paths}
        self._folded |= {path.casefold(): path for paths in self._paths.values() for path in paths}

    def has(self, name: str) -> bool:
        """Whether a file has this name, seen from the skill or from a folder in it."""
        return any(f"/{path}".endswith(f"/{name}") for path in self._paths.get(name.rpartition("/")[2], ()))

    def owns(self, name: str) -> bool:
        """Whether a name is meant to be of a file of the skill: by its folder, perhaps misspelt, or as a reference."""
        folder, _, rest = name.partition("/")
        near = nearest(folder, self.own)
        is_slip = near is not None and self.has(f"{near}/{rest}")
        return folder in self.own or (folder == "references" and name.endswith(".md")) or is_slip

    def spelt_otherwise(self, name: str) -> str:
        """The name of a file that differs in case alone, where that is not how people speak of such a file.

        `PRODUCT.md` is a file of the user's project where the skill has `reference/product.md`.
        """
        actual = self._folded.get(name.casefold(), "")
        is_of_project = name.rpartition(".")[0].isupper() and actual not in self._paths.get(actual, ())
        return "" if name.casefold() in LOOSE or is_of_project else actual
