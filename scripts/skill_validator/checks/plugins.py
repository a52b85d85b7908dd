"""What `.claude-plugin/` says to a client that installs the package as a plugin from its own marketplace."""

from __future__ import annotations

from collections.abc import Iterator

from ..derived import EQUAL_FIELDS
from ..diagnostics import Faults, check
from ..model import Mapped, Skill
from ..parts import Place
from ..schemas import breaches

COMPONENTS = ("commands", "agents", "hooks", "mcpServers", "lspServers", "outputStyles", "experimental", "channels")
# Where a client looks for components that no field names.
FOLDERS = (
    *("skills", "commands", "agents", "hooks", "output-styles", "monitors", "themes", "workflows", "bin"),
    *(".mcp.json", ".lsp.json", "settings.json"),
)
HERE = ("./", ["./"])


@check
def invalid_plugin(skill: Skill) -> Faults:
    """plugin.json and marketplace.json in `.claude-plugin/` have the fields that Claude Code documents, of their types.

    Breach: `"skillz": ["./"]`, which the client ignores; a marketplace without an `owner`; a `source` without `./`.
    Mend it: give what the message asks for.
    """
    for mapped, schema in ((skill.plugin, "plugin"), (skill.marketplace, "marketplace")):
        if mapped and not any(flaw.path == mapped.path for flaw in skill.flaws):
            yield from breaches(mapped, schema)


@check
def stale_plugin(skill: Skill) -> Faults:
    """plugin.json, and the one entry of marketplace.json, repeat the manifest's name, version, license and description.

    Breach: a release whose plugin.json keeps the old version: clients see no update. Mend it: run `--fix`.
    """
    if skill.manifest is None or (skill.plugin is None and skill.marketplace is None):
        return
    for name, mapped in (("plugin", skill.plugin), ("marketplace", skill.marketplace)):
        if mapped is None:
            yield skill.manifest, f"there is no .claude-plugin/{name}.json beside the other"
    for mapped, keys, said in _entries(skill):
        for field in EQUAL_FIELDS:
            true = skill.manifest.values.get(field)
            if true is not None and said.get(field) != true:
                yield mapped.at(*keys, field), f"{field} differs from manifest.json"


@check
def crowded_plugin(skill: Skill) -> Faults:
    """A plugin of a package brings the one skill that its root is, and nothing else: no command, agent, hook or server.

    Breach: a folder `hooks/` at the root, which a client loads without being told; two plugins in the marketplace.
    Mend it: take the component out, or rename the folder.
    """
    if skill.manifest is None or skill.plugin is None:
        return
    if skill.plugin.values.get("skills") not in HERE:
        yield skill.plugin.at("skills"), 'skills is not ["./"]: the skill is the root'
    for mapped, keys, said in _entries(skill):
        yield from ((mapped.at(*keys, name), f"brings {name}") for name in COMPONENTS if name in said)
    for name in FOLDERS:
        if skill.root / name in skill.files | skill.hidden:
            yield Place(skill.root / name, 1), f"a client loads {name} from here as part of the plugin"
    if skill.marketplace is not None:
        yield from _crowded_marketplace(skill.marketplace)


def _crowded_marketplace(marketplace: Mapped) -> Iterator[tuple[Place, str]]:
    plugins = marketplace.values.get("plugins")
    if not isinstance(plugins, list):
        return
    yield from ((marketplace.at("plugins", n), "a second plugin") for n in range(1, len(plugins)))
    for entry in plugins[:1]:
        if isinstance(entry, dict) and entry.get("source") != "./":
            yield marketplace.at("plugins", 0, "source"), "source is not './': the plugin is the root"


def _entries(skill: Skill) -> Iterator[tuple[Mapped, tuple[str | int, ...], dict[str, object]]]:
    """What is said of the plugin: by itself, and by the first entry of the marketplace."""
    if skill.plugin is not None:
        yield skill.plugin, (), dict(skill.plugin.values)
    plugins = skill.marketplace.values.get("plugins") if skill.marketplace else None
    if skill.marketplace and isinstance(plugins, list) and plugins and isinstance(plugins[0], dict):
        yield skill.marketplace, ("plugins", 0), plugins[0]
