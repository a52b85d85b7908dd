"""What a client reads when the package is installed as a plugin: its shape, its equality, and that it is all."""

from __future__ import annotations

import json

import pytest
from packages import build, changed, lone, package
from sample import FILES, MANIFEST
from skill_validator.fixing import fix
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told

HEAD = {field: MANIFEST[field] for field in ("name", "version", "license", "description")}
PLUGIN: dict[str, object] = {**HEAD, "author": {"name": "We"}, "skills": ["./"]}
ENTRY: dict[str, object] = {**HEAD, "source": "./"}
MARKETPLACE: dict[str, object] = {"name": "orders", "owner": {"name": "We"}, "plugins": [ENTRY]}
PLACES = {"plugin": ".claude-plugin/plugin.json", "marketplace": ".claude-plugin/marketplace.json"}


def files(plugin: object = PLUGIN, marketplace: object = MARKETPLACE, **added: str) -> dict[str, str]:
    """The small correct package as a plugin; None leaves a file out."""
    said = {"plugin": plugin, "marketplace": marketplace}
    texts = {PLACES[name]: json.dumps(values, indent=1) + "\n" for name, values in said.items() if values is not None}
    return changed(add=texts | added)


def plugin(plugin: object = PLUGIN, marketplace: object = MARKETPLACE, **added: str) -> Skill:
    return build(files(plugin, marketplace, **added))


def entry(**fields: object) -> dict[str, object]:
    return MARKETPLACE | {"plugins": [ENTRY | fields]}


FAULTS: Faults = {
    "invalid-plugin": {
        "a field that no client knows": (
            plugin(PLUGIN | {"skillz": "./"}),
            [".claude-plugin/plugin.json:12: unknown field 'skillz', did you mean 'skills'"],
        ),
        "a name with a space": (
            plugin(PLUGIN | {"name": "my orders"}),
            [".claude-plugin/plugin.json:2: name: 'my orders' is not lower-case words joined by single hyphens"],
        ),
        "a marketplace that nobody owns": (
            plugin(marketplace={"name": "orders", "plugins": [ENTRY]}),
            [".claude-plugin/marketplace.json:1: field 'owner' is missing"],
        ),
        "a source that is not a path from here": (
            plugin(marketplace=entry(source="plugins/orders")),
            [
                (
                    ".claude-plugin/marketplace.json:12: plugins.0.source: "
                    "'plugins/orders' is not a path that begins with ./ or an object that names a source"
                )
            ],
        ),
    },
    "stale-plugin": {
        "an old version in the plugin": (
            plugin(PLUGIN | {"version": "0.9.0"}),
            [".claude-plugin/plugin.json:3: version differs from manifest.json"],
        ),
        "an old version and another description in the marketplace": (
            plugin(marketplace=entry(version="0.9.0", description="Orders")),
            [
                ".claude-plugin/marketplace.json:9: version differs from manifest.json",
                ".claude-plugin/marketplace.json:11: description differs from manifest.json",
            ],
        ),
        "another name": (
            plugin(PLUGIN | {"name": "order"}),
            [".claude-plugin/plugin.json:2: name differs from manifest.json"],
        ),
        "no plugin beside the marketplace": (
            plugin(None),
            ["manifest.json:1: there is no .claude-plugin/plugin.json beside the other"],
        ),
        "no marketplace beside the plugin": (
            plugin(marketplace=None),
            ["manifest.json:1: there is no .claude-plugin/marketplace.json beside the other"],
        ),
    },
    "crowded-plugin": {
        "skills of another folder": (
            plugin(PLUGIN | {"skills": ["./skills"]}),
            ['.claude-plugin/plugin.json:9: skills is not ["./"]: the skill is the root'],
        ),
        "no skills": (
            plugin({k: v for k, v in PLUGIN.items() if k != "skills"}),
            ['.claude-plugin/plugin.json:1: skills is not ["./"]: the skill is the root'],
        ),
        "a hook in the plugin and a server in the marketplace": (
            plugin(PLUGIN | {"hooks": "./hooks.json"}, entry(mcpServers={})),
            [
                ".claude-plugin/marketplace.json:13: brings mcpServers",
                ".claude-plugin/plugin.json:12: brings hooks",
            ],
        ),
        "a folder that is loaded without being named": (
            plugin(**{"commands/deploy.md": "# Deploy\n"}),
            ["commands:1: a client loads commands from here as part of the plugin"],
        ),
        "a server that is loaded without being named": (
            plugin(**{".mcp.json": "{}"}),
            [".mcp.json:1: a client loads .mcp.json from here as part of the plugin"],
        ),
        "a second plugin from elsewhere": (
            plugin(marketplace=MARKETPLACE | {"plugins": [ENTRY | {"source": "./a"}, ENTRY]}),
            [
                ".claude-plugin/marketplace.json:12: source is not './': the plugin is the root",
                ".claude-plugin/marketplace.json:14: a second plugin",
            ],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "invalid-plugin": {
        "every field that a client knows": plugin(PLUGIN | {"keywords": ["a"], "displayName": "O", "skills": "./"}),
        "a broken file, which is reported as that": build(files(**{PLACES["plugin"]: "{"})),
        "a source elsewhere": plugin(marketplace=entry(source={"source": "github", "repo": "a/b"})),
    },
    "stale-plugin": {
        "a plugin that says the same": plugin(),
        "no plugin": package(),
        "a stranger without a manifest": lone(FILES["SKILL.md"], **{PLACES["plugin"]: "{}"}),
        "a manifest without a version": build(
            files() | {"manifest.json": json.dumps({k: v for k, v in MANIFEST.items() if k != "version"})}
        ),
    },
    "crowded-plugin": {
        "the root as text": plugin(PLUGIN | {"skills": "./"}),
        "folders of other names": plugin(**{"scripts/hooks/a.py": "", "references/commands.md": "# A\n"}),
        "a marketplace of a wrong type": plugin(marketplace=MARKETPLACE | {"plugins": "orders"}),
        "an entry of a wrong type": plugin(marketplace=MARKETPLACE | {"plugins": ["orders"]}),
        "a plugin without a marketplace": plugin(marketplace=None),
    },
}


test_a_fault_is_reported_once_at_its_line = told(FAULTS)
test_a_near_miss_is_silent = silent(NEAR_MISSES)


def test_fix_writes_the_head_into_both() -> None:
    stale = dict.fromkeys(HEAD, "old")
    after = fix(plugin(PLUGIN | stale, entry(**stale)))

    assert {path.name: json.loads(text) for path, text in after.items()} == {
        "plugin.json": PLUGIN,
        "marketplace.json": MARKETPLACE,
    }
    assert fix(plugin()) == {}


@pytest.mark.parametrize("plugins", ["orders", [], ["orders"]], ids=repr)
def test_fix_leaves_a_marketplace_of_a_wrong_type_alone(plugins: object) -> None:
    assert fix(plugin(marketplace=MARKETPLACE | {"plugins": plugins})) == {}
